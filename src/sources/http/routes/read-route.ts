// Hot path: called once a request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteReader } from './route-reader.ts';

/** The value of `endpoint` when no route of the service matched; never a path, which a client chooses. */
export const UNMATCHED = 'unmatched';

/** A reader that failed so often is asked no more. */
const MAX_ERRORS = 10;

/** What is reported of the readers. */
export interface RouteReports {
  /** A reader knew a request, the first time. */
  readonly onSeen: (reader: RouteReader) => void;
  readonly onError: (error: unknown) => void;
  readonly onSwitchedOff: (reader: RouteReader) => void;
}

/** The template of a finished request by the first framework that knows it, else `unmatched`. Never throws. */
export type ReadRoute = (request: IncomingMessage, response: ServerResponse) => string;

/** Reads routes by these readers; one that fails is left out, and the request still counts. */
export function createReadRoute(
  readers: readonly RouteReader[],
  { onSeen, onError, onSwitchedOff }: RouteReports,
): ReadRoute {
  let asked = readers;
  const unseen = new Set(readers);
  const errors = new Map<RouteReader, number>();

  function failed(reader: RouteReader, error: unknown): void {
    const count = (errors.get(reader) ?? 0) + 1;
    errors.set(reader, count);
    if (count === 1) onError(error);
    if (count < MAX_ERRORS) return;
    asked = asked.filter((other) => other !== reader);
    onSwitchedOff(reader);
  }

  return (request, response) => {
    for (const reader of asked) {
      try {
        const route = reader.read(request, response);
        if (route === undefined) continue;
        if (unseen.delete(reader)) onSeen(reader);
        return route;
      } catch (error) {
        failed(reader, error);
      }
    }
    return UNMATCHED;
  };
}
