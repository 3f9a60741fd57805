import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModuleHook } from '../../seam/module-hook.ts';
import type { SourceChannel } from '../../seam/source.ts';

/** The routes of one framework: a file that exports this, and a line in `route-readers.ts`. */
export interface RouteReader {
  /** Name of the framework's package. */
  readonly library: string;
  /**
   * The route template that the framework left on a finished request, such as `/users/:id`; undefined when the request
   * is not that framework's or matched no route. Never a path: a client chooses it. Called once per request, after the
   * last byte. Where it throws, the request has no route; with the tenth error it is asked no more.
   */
  read(request: IncomingMessage, response: ServerResponse): string | undefined;
  /** Modules of the framework that are changed, where it leaves nothing by itself. */
  readonly hooks?: readonly ModuleHook[];
  /** Channels of the framework; `early` runs from the preload on. */
  readonly channels?: readonly SourceChannel[];
}
