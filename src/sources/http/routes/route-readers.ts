import { expressRoutes } from './express/express-routes.ts';
import type { RouteReader } from './route-reader.ts';

/** One line per framework. The first that knows a request answers. */
export const routeReaders: readonly RouteReader[] = [expressRoutes];
