// Hot path: per request one variable, one array read backwards, one property; nothing where Hono is not loaded.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { ModuleHook } from '../../seam/module-hook.ts';
import { prototypeOf } from '../../seam/prototype-of.ts';
import { wrapMethod } from '../../seam/wrap-method.ts';
import type { RouteReader } from './route-reader.ts';

const kRoute = Symbol('monitoring.honoRoute');
const kWatched = Symbol('monitoring.honoMatch');

type RawRequest = IncomingMessage & { [kRoute]?: string };
/** A handler with its route; middleware is registered as `ALL` under a path that ends in `*`. */
interface Route {
  readonly path: string;
  readonly method: string;
}
type Match = readonly [
  handlers: readonly (readonly [handler: readonly [unknown, Route], ...unknown[]])[],
  ...unknown[],
];
type MatchMethod = (this: Router, method: string, path: string) => Match;
interface Router {
  match: MatchMethod & { [kWatched]?: true };
}

/**
 * The request whose listener runs now: @hono/node-server asks the router before it first gives way, so that the request
 * that began last is the one that is matched. Forgotten with the end of the tick.
 */
let current: RawRequest | undefined;
let isWatching = false;

function watchRequests(): void {
  if (isWatching) return;
  isWatching = true;
  const forget = (): void => {
    current = undefined;
  };
  subscribe('http.server.request.start', (message) => {
    current = (message as { readonly request: RawRequest }).request;
    queueMicrotask(forget);
  });
}

const isMiddleware = ({ method, path }: Route): boolean => method === 'ALL' && path.endsWith('*');

function note(match: Match): Match {
  const request = current;
  if (request !== undefined && request[kRoute] === undefined) {
    const route = match[0].findLast((entry) => !isMiddleware(entry[0][1]))?.[0][1];
    if (route !== undefined) request[kRoute] = route.path;
  }
  return match;
}

/** A router may replace its own `match` on the first call, by the one of the router that it has chosen. */
function watchRouter(owner: object): void {
  wrapMethod<MatchMethod>(
    owner,
    'match',
    (original) =>
      function match(method, path) {
        const found = original.call(this, method, path);
        const own = Object.hasOwn(this, 'match') ? this.match : undefined;
        if (own !== undefined && own[kWatched] !== true) {
          const watched: Router['match'] = (...args) => note(own.apply(this, args));
          watched[kWatched] = true;
          this.match = watched;
        }
        return note(found);
      },
  );
}

const ROUTERS = {
  SmartRouter: 'smart-router',
  TrieRouter: 'trie-router',
  LinearRouter: 'linear-router',
  PatternRouter: 'pattern-router',
} as const;

function hookOf(name: string, file: string): ModuleHook {
  return {
    file,
    majors: [4],
    patch(exports) {
      const router = prototypeOf(exports, name);
      watchRequests();
      watchRouter(router);
    },
  };
}

/** Hono 4 on @hono/node-server. */
export const honoRoutes: RouteReader = {
  library: 'hono',
  read: (request) => (request as RawRequest)[kRoute],
  hooks: Object.entries(ROUTERS).flatMap(([name, folder]) => [
    hookOf(name, `hono/dist/router/${folder}/router.js`),
    hookOf(name, `hono/dist/cjs/router/${folder}/router.js`),
  ]),
};
