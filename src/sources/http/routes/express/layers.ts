// What is read of Express 4 (its own router) and 5 (the package router) at runtime. Nothing of them is changed.

/** As a route or a mount was written: a template, an expression, or a list of them. */
export type Path = string | RegExp | readonly Path[];

export interface Route {
  readonly path: Path;
}

/** One entry of a router: a route, a mounted router or application, or any other function. */
export interface Layer {
  readonly route?: Route;
  readonly handle?: unknown;
  readonly name?: string;
  match(path: string): unknown;
  // Of the last match; router 2.3 answers them instead.
  path?: string | undefined;
  params?: Readonly<Record<string, unknown>> | undefined;
  keys?: unknown;
}

/** An Express application, a function. */
export interface App {
  readonly parent?: App;
}

/** What a layer takes of a path. */
export interface Match {
  /** The matched beginning of the path, as the client sent it. */
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The template that matched; only router 2.3 and later know it. */
  readonly pattern: Path | undefined;
}

const isStack = (value: unknown): value is readonly Layer[] => Array.isArray(value);

/** The entries of a router or an application; undefined for any other function. */
export function stackOf(handle: unknown): readonly Layer[] | undefined {
  if (typeof handle !== 'function') return undefined;
  const {
    stack,
    _router,
    handle: isApp,
  } = handle as {
    stack?: unknown;
    _router?: { stack?: unknown };
    handle?: unknown;
  };
  if (isStack(stack)) return stack;
  if (isStack(_router?.stack)) return _router.stack;
  if (typeof isApp !== 'function') return undefined;
  try {
    // Express 4 answers this with an error on purpose, so it comes last.
    const inner = (handle as { router?: { stack?: unknown } }).router?.stack;
    return isStack(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Asks a layer whether it takes a path, as its router does. Older routers keep the answer on the layer until the next
 * match: it is put back, though nobody reads it between two matches.
 */
export function matchOf(layer: Layer, path: string): Match | undefined {
  const { path: lastPath, params, keys } = layer;
  const keepsState = Object.hasOwn(layer, 'path');
  try {
    const answer = layer.match(path);
    if (typeof answer === 'object' && answer !== null) {
      const { path: matched, params: values, pattern } = answer as Partial<Match>;
      return { path: matched ?? '', params: values ?? {}, pattern };
    }
    return answer === true
      ? { path: layer.path ?? '', params: layer.params ?? {}, pattern: undefined }
      : undefined;
  } catch {
    return undefined; // A parameter that cannot be decoded: the router went on as well.
  } finally {
    if (keepsState) {
      layer.path = lastPath;
      layer.params = params;
      if (layer.keys !== keys) layer.keys = keys;
    }
  }
}
