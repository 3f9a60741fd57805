// Hot path: per request two channel messages, one clock reading each, one Map lookup per label, two records on
// OpenTelemetry instruments with label objects made once per series. `npm run bench -- overhead`.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Meter, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Recorder } from '../../metrics/recorder.ts';
import { readRoute, UNMATCHED } from './routes/index.ts';
import type { Source } from '../source.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: Server;
}

/**
 * What is in flight on a connection. Kept on the socket and made once per connection: a property of ours on each
 * response costs 2 µs a request, because Node's own code then meets two shapes of responses.
 */
class InFlight {
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

/** A symbol, so that nothing of the service sees or meets it. */
const kInFlight = Symbol('monitoring.inFlight');

type WatchedSocket = Socket & { [kInFlight]?: InFlight };

/** RFC 9110 and RFC 5789; everything else becomes `_OTHER` (HTTP semantic conventions). */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** The client went away before there was an answer; the number is nginx's. */
const CLIENT_GONE = 499;

interface EndpointSeries {
  readonly duration: { readonly method: string; readonly endpoint: string };
  readonly byStatus: Map<
    number,
    { readonly method: string; readonly endpoint: string; readonly status: string }
  >;
}

/**
 * Counts and times every request that a `node:http` or `node:https` server of this thread answers, and those
 * whose client left before. Upgrades, CONNECT and malformed requests are not published by Node and not seen.
 */
export function httpServerSource(
  recorder: Recorder,
  _meter: Meter,
  onError: (error: unknown) => void,
): Source {
  const { httpRequests, httpDuration } = recorder.instruments;
  const series = new Map<string, Map<string, EndpointSeries>>();

  function seriesOf(route: string, rawMethod: string): EndpointSeries {
    const method = METHODS.has(rawMethod) ? rawMethod : '_OTHER';
    let byMethod = series.get(route);
    if (!byMethod) {
      const endpoint = recorder.limits.endpoint.bound(route);
      if (endpoint !== route) return seriesOf(endpoint, method);
      byMethod = new Map();
      series.set(route, byMethod);
    }
    let found = byMethod.get(method);
    if (!found) {
      found = { duration: Object.freeze({ method, endpoint: route }), byStatus: new Map() };
      byMethod.set(method, found);
    }
    return found;
  }

  function record(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    startedMs: number,
  ): void {
    const seconds = (performance.now() - startedMs) / 1000;
    const { duration, byStatus } = seriesOf(
      readRoute(request, response) ?? UNMATCHED,
      request.method ?? '_OTHER',
    );
    let labels = byStatus.get(status);
    if (!labels) {
      labels = Object.freeze({ ...duration, status: String(status) });
      byStatus.set(status, labels);
    }
    httpRequests.add(1, labels, ROOT_CONTEXT);
    httpDuration.record(seconds, duration, ROOT_CONTEXT);
  }

  /** Node publishes no end for an aborted request: what is in flight when the connection closes was abandoned. */
  function onSocketClose(this: WatchedSocket): void {
    const inFlight = this[kInFlight];
    if (!inFlight) return;
    try {
      for (const response of inFlight.all()) {
        const startedMs = inFlight.end(response);
        const status = response.headersSent ? response.statusCode : CLIENT_GONE;
        if (startedMs !== undefined) record(response.req, response, status, startedMs);
      }
    } catch (error) {
      onError(error);
    }
  }

  function begin(message: unknown): void {
    const { response, socket } = message as { response: ServerResponse; socket: WatchedSocket };
    let inFlight = socket[kInFlight];
    if (inFlight === undefined) {
      inFlight = new InFlight();
      socket[kInFlight] = inFlight;
      socket.once('close', onSocketClose);
    }
    inFlight.begin(response, performance.now());
  }

  function finish(message: unknown): void {
    const { request, response, socket } = message as Exchange;
    const startedMs = (socket as WatchedSocket)[kInFlight]?.end(response);
    if (startedMs !== undefined) record(request, response, response.statusCode, startedMs);
  }

  // What a subscriber throws, Node rethrows as an uncaught exception of the service.
  const guarded =
    (step: (message: unknown) => void) =>
    (message: unknown): void => {
      try {
        step(message);
      } catch (error) {
        onError(error);
      }
    };
  const onStart = guarded(begin);
  const onFinish = guarded(finish);

  subscribe('http.server.request.start', onStart);
  subscribe('http.server.response.finish', onFinish);
  return {
    stop(): void {
      unsubscribe('http.server.request.start', onStart);
      unsubscribe('http.server.response.finish', onFinish);
    },
  };
}
