import { expressRoutes } from './express.ts';
import type { RouteReader } from './route-reader.ts';

/** One line per framework. The first that knows a request answers. */
export const routeReaders: readonly RouteReader[] = [expressRoutes];
