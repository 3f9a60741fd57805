// Hot path: per request one property.
import type { IncomingMessage } from 'node:http';
import { prototypeOf } from '../../seam/prototype-of.ts';
import { wrapMethod } from '../../seam/wrap-method.ts';
import type { RouteReader } from './route-reader.ts';

const kContext = Symbol('monitoring.koaContext');

interface Context {
  readonly req: RawRequest;
  /** Set by @koa/router and koa-router: the path of the route that matched, with the prefixes of its routers. */
  readonly _matchedRoute?: string | RegExp;
}
type RawRequest = IncomingMessage & { [kContext]?: Context };
type HandleRequest = (this: object, context: Context, ...rest: unknown[]) => unknown;

/** Koa 2 and 3 with @koa/router or koa-router. */
export const koaRoutes: RouteReader = {
  library: 'koa',
  read(request) {
    const route = (request as RawRequest)[kContext]?._matchedRoute;
    return route === undefined ? undefined : String(route);
  },
  hooks: [
    {
      file: 'koa/lib/application.js',
      majors: [2, 3],
      patch(exports) {
        wrapMethod<HandleRequest>(
          prototypeOf(exports),
          'handleRequest',
          (original) =>
            function handleRequest(context, ...rest) {
              context.req[kContext] = context;
              return original.call(this, context, ...rest);
            },
        );
      },
    },
  ],
};
