// Hot path: per request one WeakMap lookup and one comparison of `baseUrl` once a route has been seen.
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import type { RouteReader } from '../route-reader.ts';
import { type App, type Route, stackOf } from './layers.ts';
import { type RouteLocation, RouteSearch } from './route-search.ts';
import { expressionOf, joined } from './template.ts';

type ExpressRequest = IncomingMessage & {
  route?: Route;
  baseUrl?: string;
  originalUrl?: string;
  app?: App;
};

/** A known location of a route. */
interface KnownLocation {
  /** What `baseUrl` is there: a text, or an expression where the mounts have parameters. */
  readonly baseUrl: string | RegExp;
  readonly template: string;
  /** The whole path, where `baseUrl` alone is no proof: it is empty after an error as well. */
  readonly path: RegExp | undefined;
}

const MAX_LOCATIONS = 20;
/** Applications that may be the outermost one. */
const MAX_APPS = 20;

const locations = new WeakMap<Route, readonly KnownLocation[]>();
let outermost: readonly WeakRef<App>[] = [];

/** The path of a request-target: without query, and without the origin that a proxy sends. */
function pathOf(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1);
  return path.startsWith('/') ? path : (/^\w+:\/\/[^/]*(\/.*)?$/.exec(path)?.[1] ?? '/');
}

/** An application and those that it is mounted in, the outermost first. */
function chainOf(app: App | undefined): readonly App[] {
  const chain: App[] = [];
  for (let one = app; one && !chain.includes(one); one = one.parent) chain.unshift(one);
  return chain;
}

/** The applications that a request may have gone through, those that contain others first. */
function appsOf(request: ExpressRequest): readonly App[] {
  const chain = chainOf(request.app);
  const { server } = request.socket as { server?: Server };
  const listeners = (server?.listeners('request') ?? []).filter((listener) => stackOf(listener)) as App[];
  for (const app of [...listeners, ...chain.slice(0, 1)]) rememberOutermost(app);
  return [...new Set([...listeners, ...chain, ...outermost.flatMap((app) => app.deref() ?? [])])];
}

function rememberOutermost(app: App): void {
  if (outermost.some((other) => other.deref() === app)) return;
  outermost = [...outermost.filter((other) => other.deref() !== undefined), new WeakRef(app)].slice(
    -MAX_APPS,
  );
}

function search(request: ExpressRequest, route: Route): string | undefined {
  const baseUrl = request.baseUrl ?? '';
  const routes = new RouteSearch(route, appsOf(request));
  const path = pathOf(baseUrl + (request.url ?? ''));
  const location = routes.find(path, baseUrl) ?? routes.find(pathOf(request.originalUrl ?? ''), baseUrl);
  if (!location) return undefined;
  const template = joined(location.prefix, route.path);
  if (location.baseUrl === baseUrl) remember(route, location, template);
  return template;
}

function remember(route: Route, { prefix, baseUrl }: RouteLocation, template: string): void {
  const known = locations.get(route) ?? [];
  const check = prefix === baseUrl ? baseUrl : expressionOf(prefix);
  if (check === undefined || known.length >= MAX_LOCATIONS) return;
  locations.set(route, [
    ...known,
    { baseUrl: check, template, path: check === '' ? expressionOf(template) : undefined },
  ]);
}

/**
 * Express 4 and 5, also in a bundle, under another name, or loaded before the preload: `req.route` is the matched route,
 * and its mounts are found by asking the routers, because `req.baseUrl` is the path as the client sent it. Where they
 * cannot be found there is no route: a path is never taken for one.
 */
function expressRoute(raw: IncomingMessage): string | undefined {
  const request = raw as ExpressRequest;
  const { route, baseUrl = '' } = request;
  if (route?.path === undefined) return undefined;
  for (const location of locations.get(route) ?? []) {
    if (typeof location.baseUrl === 'string' ? location.baseUrl !== baseUrl : !location.baseUrl.test(baseUrl))
      continue;
    if (location.path === undefined || location.path.test(request.url ?? '')) return location.template;
  }
  return search(request, route);
}

/** Nothing of Express is changed; the hook notes its version. */
export const expressRoutes: RouteReader = {
  library: 'express',
  read: expressRoute,
  hooks: [{ file: 'express/lib/express.js', majors: [4, 5] }],
};
