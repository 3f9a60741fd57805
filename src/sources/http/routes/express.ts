// Hot path: per request one WeakMap lookup once a route has been seen.
import type { IncomingMessage } from 'node:http';
import type { RouteReader } from './route-reader.ts';

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
  readonly router?: Partial<Router>;
  readonly _router?: Partial<Router>;
  readonly path?: () => string;
}
type ExpressRequest = IncomingMessage & {
  route?: Route;
  baseUrl?: string;
  originalUrl?: string;
  app?: App;
};

/** The template under which a layer was mounted: Express itself keeps only what it compiled from it. */
const kMountPath = Symbol.for('geometra.monitoring.mountPath');

/** The templates of its mounts joined, for each place where a route stands: its router can be mounted several times. */
const places = new WeakMap<Route, readonly string[]>();
const templates = new WeakMap<Route, string>();

const textOf = (path: Path): string => (Array.isArray(path) ? path.map(String).join('|') : String(path));

function routerOf(app: App | undefined): Router | undefined {
  // Express 4 answers `app.router` with an error on purpose, so `_router` comes first.
  const router = app?._router ?? (typeof app?.router === 'function' ? app.router : undefined);
  return Array.isArray(router?.stack) ? (router as Router) : undefined;
}

/** The templates that a mount adds to what is above it: one, or one for each entry of a list. */
function mountsOf(layer: Layer): string[] {
  const mount = layer[kMountPath] ?? '/';
  const paths: readonly unknown[] = Array.isArray(mount) ? mount.flat(Number.POSITIVE_INFINITY) : [mount];
  return paths.map((path) => (path === '/' ? '' : String(path)));
}

/** Routers can hold each other in circles. */
const MAX_DEPTH = 20;
const MAX_PLACES = 100;

function collectPlaces(
  stack: readonly Layer[],
  prefix: string,
  route: Route,
  found: string[],
  depth = 0,
): void {
  if (depth > MAX_DEPTH) return;
  for (const layer of stack) {
    if (found.length >= MAX_PLACES) return;
    if (layer.route === route) found.push(prefix);
    const inner = layer.handle?.stack;
    if (!inner || layer.route) continue;
    for (const below of mountsOf(layer)) collectPlaces(inner, prefix + below, route, found, depth + 1);
  }
}

function placesOf(route: Route, app: App | undefined): readonly string[] {
  const known = places.get(route);
  if (known) return known;
  const router = routerOf(app);
  const found: string[] = [];
  if (router) collectPlaces(router.stack, app?.path?.() ?? '', route, found);
  places.set(route, found);
  return found;
}

const join = (prefix: string, path: Path): string => {
  const tail = textOf(path);
  if (prefix === '') return tail;
  return tail === '/' ? prefix : prefix + tail;
};

const segmentsOf = (path: string): string[] => path.toLowerCase().replace(/\/$/, '').split('/');

/**
 * Whether a path can have come in by a template: what has no special sign in it is the same, in any case as Express
 * has it. From the first wildcard or expression on nothing is compared.
 */
function fits(template: string, path: string): boolean {
  const wanted = segmentsOf(template);
  const got = segmentsOf(path);
  for (const [at, part] of wanted.entries()) {
    if (/[*?+(){}[\]\\]/.test(part)) return true;
    const isParameter = part.includes(':');
    if (isParameter ? !got[at] : got[at] !== part) return false;
  }
  return got.length === wanted.length;
}

/**
 * Express 4 and 5. `req.route` is the matched route; its mounts are found in the tree of routers, because
 * `req.baseUrl` is the path as the client sent it (`/tenants/42`), not the template, and is undone by Express when
 * an error leaves the router.
 */
function expressRoute(raw: IncomingMessage): string | undefined {
  const request = raw as ExpressRequest;
  const { route } = request;
  if (route?.path === undefined) return undefined;
  const known = templates.get(route);
  if (known !== undefined) return known;
  const found = placesOf(route, request.app);
  const [first] = found;
  if (first !== undefined && found.length === 1) {
    const template = join(first, route.path);
    templates.set(route, template);
    return template;
  }
  const [path = ''] = (request.originalUrl ?? '').split('?');
  const tail = typeof route.path === 'string' ? route.path : '/*';
  const place = found.find((prefix) => fits(join(prefix, tail), path)) ?? first;
  return join(place ?? request.baseUrl ?? '', route.path);
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
export const expressRoutes: RouteReader = {
  library: 'express',
  read: expressRoute,
  hooks: [
    { file: 'express/lib/express.js', majors: [4, 5] },
    { file: 'express/lib/router/index.js', majors: [4], patch: (exports) => patchUse(exports as Router) },
    {
      file: 'router/index.js',
      majors: [2],
      patch: (exports) => patchUse((exports as { prototype: Router }).prototype),
    },
  ],
};
