// Hot path: per request one extension and one property.
import type { IncomingMessage } from 'node:http';
import { wrapMethod } from '../../seam/wrap-method.ts';
import type { RouteReader } from './route-reader.ts';

const kRoute = Symbol('monitoring.hapiRoute');

interface HapiRequest {
  readonly raw: { readonly req: IncomingMessage & { [kRoute]?: string } };
  /** `_special` is the route of what matched none. */
  readonly route: { readonly path: string; readonly method: string };
}
interface HapiToolkit {
  readonly continue: unknown;
}
interface HapiServer {
  ext(event: 'onPreAuth', step: (request: HapiRequest, toolkit: HapiToolkit) => unknown): void;
}
type MakeServer = (this: unknown, ...args: unknown[]) => HapiServer;

function noteRoute({ raw, route }: HapiRequest, toolkit: HapiToolkit): unknown {
  if (route.method !== '_special') raw.req[kRoute] = route.path;
  return toolkit.continue;
}

/** Hapi 20 and 21. */
export const hapiRoutes: RouteReader = {
  library: '@hapi/hapi',
  read: (request) => (request as HapiRequest['raw']['req'])[kRoute],
  hooks: [
    {
      file: '@hapi/hapi/lib/index.js',
      majors: [20, 21],
      patch(exports) {
        wrapMethod<MakeServer>(
          exports as object,
          'server',
          (original) =>
            function server(this: unknown, ...args) {
              const made = original.apply(this, args);
              made.ext('onPreAuth', noteRoute);
              return made;
            },
        );
      },
    },
  ],
};
