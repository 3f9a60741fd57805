import { expressRoutes } from './express/express-routes.ts';
import { fastifyRoutes } from './fastify.ts';
import { hapiRoutes } from './hapi.ts';
import { honoRoutes } from './hono.ts';
import { koaRoutes } from './koa.ts';
import { restifyRoutes } from './restify.ts';
import type { RouteReader } from './route-reader.ts';

/** One line per framework. The first that knows a request answers. */
export const routeReaders: readonly RouteReader[] = [
  restifyRoutes,
  expressRoutes,
  fastifyRoutes,
  koaRoutes,
  hapiRoutes,
  honoRoutes,
];
