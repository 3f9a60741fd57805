// Hot path: per request one synchronous hook and one property.
import type { IncomingMessage } from 'node:http';
import type { RouteReader } from './route-reader.ts';

const kRoute = Symbol('monitoring.fastifyRoute');

type RawRequest = IncomingMessage & { [kRoute]?: string | undefined };
interface FastifyRequest {
  readonly raw: RawRequest;
  readonly is404?: boolean;
  readonly routeOptions?: { readonly url?: string };
  /** Before 4.10. */
  readonly routerPath?: string;
}
type Hook = (request: FastifyRequest, reply: unknown, done: () => void) => void;
interface Fastify {
  readonly version?: string;
  addHook(name: 'onRequest', hook: Hook): unknown;
}

/** First of all hooks, so that a request that a later one refuses has its route as well. */
const noteRoute: Hook = ({ raw, is404, routeOptions, routerPath }, _reply, done) => {
  raw[kRoute] = is404 === true ? undefined : (routeOptions?.url ?? routerPath);
  done();
};

/** Fastify 4 and 5, which publish each instance as it is made. */
export const fastifyRoutes: RouteReader = {
  library: 'fastify',
  read: (request) => (request as RawRequest)[kRoute],
  channels: [
    {
      name: 'fastify.initialization',
      keeps: false,
      early(message, { found }) {
        const { fastify } = message as { readonly fastify: Fastify };
        fastify.addHook('onRequest', noteRoute);
        found('fastify', fastify.version ?? '', 'patched');
      },
    },
  ],
};
