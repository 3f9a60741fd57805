// Hot path: per request one WeakMap lookup once a route has been seen.
import type { IncomingMessage } from 'node:http';
import type { ModuleHook } from '../module-hook.ts';

type Path = string | RegExp | readonly (string | RegExp)[];

interface Route {
  readonly path: Path;
}
interface Layer {
  readonly route?: Route;
  readonly handle?: { readonly stack?: readonly Layer[] };
  [kMountPath]?: Path;
}
interface Router {
  readonly stack: Layer[];
  use: (...args: unknown[]) => unknown;
}
interface App {
  readonly router?: unknown;
  readonly _router?: unknown;
  readonly path?: () => string;
}
type ExpressRequest = IncomingMessage & { route?: Route; baseUrl?: string; app?: App };

/** The template under which a layer was mounted: Express itself keeps only what it compiled from it. */
const kMountPath = Symbol.for('geometra.monitoring.mountPath');

/** Where a route stands: the templates of its mounts joined, and whether one of them has parameters. */
interface Place {
  readonly prefix: string;
  readonly fixed: boolean;
}

/** Templates of one route; more than one where its router is mounted several times. */
const places = new WeakMap<Route, readonly Place[]>();
const templates = new WeakMap<Route, string>();

const textOf = (path: Path): string => (Array.isArray(path) ? path.map(String).join('|') : String(path));
const isFixed = (path: Path): boolean => typeof path === 'string' && !/[:*?+(){}[\]]/.test(path);

function routerOf(app: App | undefined): Router | undefined {
  // Express 4 answers `app.router` with an error on purpose, so `_router` comes first.
  const router = app?._router ?? (typeof app?.router === 'function' ? app.router : undefined);
  return Array.isArray((router as Partial<Router> | undefined)?.stack) ? (router as Router) : undefined;
}

function collectPlaces(
  stack: readonly Layer[],
  prefix: string,
  fixed: boolean,
  route: Route,
  found: Place[],
  depth = 0,
): void {
  if (depth > 20) return;
  for (const layer of stack) {
    if (layer.route === route) found.push({ prefix, fixed });
    const inner = layer.handle?.stack;
    if (!inner || layer.route) continue;
    const mount = layer[kMountPath] ?? '/';
    const below = textOf(mount) === '/' ? '' : textOf(mount);
    collectPlaces(inner, prefix + below, fixed && isFixed(mount), route, found, depth + 1);
  }
}

function placesOf(route: Route, app: App | undefined): readonly Place[] {
  const known = places.get(route);
  if (known) return known;
  const router = routerOf(app);
  const found: Place[] = [];
  if (router) collectPlaces(router.stack, app?.path?.() ?? '', true, route, found);
  places.set(route, found);
  return found;
}

const join = (prefix: string, path: Path): string => {
  const tail = textOf(path);
  if (prefix === '') return tail;
  return tail === '/' ? prefix : prefix + tail;
};

/** A mount template against the path that matched it: same number of segments, fixed ones equal. */
function fits(prefix: string, baseUrl: string): boolean {
  const wanted = prefix.split('/');
  const got = baseUrl.split('/');
  return wanted.length === got.length && wanted.every((part, at) => !isFixed(part) || part === got[at]);
}

/**
 * Express 4 and 5. `req.route` is the matched route; its mounts are found in the tree of routers, because
 * `req.baseUrl` is the path as the client sent it (`/tenants/42`), not the template.
 */
export function expressRoute(raw: IncomingMessage): string | undefined {
  const request = raw as ExpressRequest;
  const { route } = request;
  if (route?.path === undefined) return undefined;
  const known = templates.get(route);
  if (known !== undefined) return known;
  const found = placesOf(route, request.app);
  const [only] = found;
  if (only && found.length === 1) {
    const template = join(only.prefix, route.path);
    templates.set(route, template);
    return template;
  }
  // Undone by Express when an error leaves the router.
  const baseUrl = request.baseUrl ?? '';
  const place = found.find((candidate) =>
    candidate.fixed ? candidate.prefix === baseUrl : fits(candidate.prefix, baseUrl),
  );
  return join(place?.prefix ?? baseUrl, route.path);
}

/** What `use` was given as path: its first argument unless that is a handler or a list of handlers. */
function mountPathOf(first: unknown): Path {
  let head = first;
  while (Array.isArray(head) && head.length > 0) head = head[0] as unknown;
  return typeof head === 'function' ? '/' : (first as Path);
}

/** Notes on each new layer the template it was mounted under. Only `use` itself does a little more, no request. */
function patchUse(router: { use: Router['use'] }): void {
  const original = router.use;
  const use = function (this: Router, ...args: unknown[]): unknown {
    const before = this.stack?.length ?? 0;
    const result = original.apply(this, args);
    for (const layer of this.stack?.slice(before) ?? []) layer[kMountPath] = mountPathOf(args[0]);
    return result;
  };
  Object.defineProperty(use, 'length', { value: original.length });
  Object.defineProperty(use, 'name', { value: original.name });
  router.use = use;
}

/** Express 4 keeps `use` on the exported function, the `router` package of Express 5 on its prototype. */
export const expressHooks: readonly ModuleHook[] = [
  { file: 'express/lib/router/index.js', patch: (exports) => patchUse(exports as Router) },
  { file: 'router/index.js', patch: (exports) => patchUse((exports as { prototype: Router }).prototype) },
];
