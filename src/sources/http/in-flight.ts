// Hot path: `begin` and `end` once a request.
import type { ServerResponse } from 'node:http';

/**
 * What is in flight on a connection. Kept on the socket and made once per connection: a property of ours on each
 * response costs 2 µs a request, because Node's own code then meets two shapes of responses.
 */
export class InFlight {
  response: ServerResponse | undefined;
  startedMs = 0.1; // A fraction, so that V8 keeps the field as a double from the start.
  /** Only for pipelined requests, which are in flight beside the first: when each began. */
  pipelined: Map<ServerResponse, number> | undefined;

  begin(response: ServerResponse, nowMs: number): void {
    if (this.response === undefined) {
      this.response = response;
      this.startedMs = nowMs;
    } else {
      this.pipelined ??= new Map();
      this.pipelined.set(response, nowMs);
    }
  }

  /** When the request began, which is in flight no longer; undefined when it was not. */
  end(response: ServerResponse): number | undefined {
    if (this.response === response) {
      this.response = undefined;
      return this.startedMs;
    }
    const startedMs = this.pipelined?.get(response);
    this.pipelined?.delete(response);
    return startedMs;
  }

  all(): readonly ServerResponse[] {
    return [...(this.response ? [this.response] : []), ...(this.pipelined?.keys() ?? [])];
  }
}
