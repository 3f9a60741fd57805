// Hot path: per request one property read.
import type { IncomingMessage } from 'node:http';
import type { RouteReader } from './route-reader.ts';

type RestifyRequest = IncomingMessage & {
  readonly route?: { readonly path?: string | RegExp; readonly spec?: object };
};

/** restify, which leaves the route on the request by itself; `spec` distinguishes it from the route of Express. */
export const restifyRoutes: RouteReader = {
  library: 'restify',
  read(request) {
    const { route } = request as RestifyRequest;
    return route?.spec === undefined || route.path === undefined ? undefined : String(route.path);
  },
};
