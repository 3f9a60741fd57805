import type { IncomingMessage, ServerResponse } from 'node:http';
import { expressRoute } from './express.ts';

/** The value of `endpoint` when no route of the service matched; never a path, which a client chooses. */
export const UNMATCHED = 'unmatched';

/**
 * Reads the route template that a framework left on a finished request, such as `/users/:id`; undefined when the
 * request is not that framework's or matched no route. Called once per request, after the last byte.
 */
export type RouteReader = (request: IncomingMessage, response: ServerResponse) => string | undefined;

/** One row per framework. The first that knows the request answers. */
const routeReaders: readonly RouteReader[] = [expressRoute];

/** The route template of a finished request, by the first framework that knows it. */
export function readRoute(request: IncomingMessage, response: ServerResponse): string | undefined {
  for (const reader of routeReaders) {
    const route = reader(request, response);
    if (route !== undefined) return route;
  }
  return undefined;
}
