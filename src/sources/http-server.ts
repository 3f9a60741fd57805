// Hot path: per request two channel messages, one clock reading each, one Map lookup per label, two records on
// OpenTelemetry instruments with label objects made once per series. `npm run bench -- overhead`.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Meter, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Recorder } from '../metrics/recorder.ts';
import { readRoute, UNMATCHED } from './routes/index.ts';
import type { Source } from './source.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: Server;
}

/** What we keep on a response in flight; symbols, so that nothing of the service sees or meets them. */
const kStartedMs = Symbol('monitoring.startedMs');
/** The responses in flight on a connection: one, or a set of them when requests are pipelined. */
const kInFlight = Symbol('monitoring.inFlight');

type TimedResponse = ServerResponse & { [kStartedMs]?: number | undefined };
type WatchedSocket = Socket & { [kInFlight]?: TimedResponse | Set<TimedResponse> | undefined };

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

  function record(request: IncomingMessage, response: TimedResponse, status: number): void {
    const startedMs = response[kStartedMs];
    if (startedMs === undefined) return;
    response[kStartedMs] = undefined;
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

  function abandoned(response: TimedResponse): void {
    record(response.req, response, response.headersSent ? response.statusCode : CLIENT_GONE);
  }

  /** Node publishes no end for an aborted request: what is in flight when the connection closes was abandoned. */
  function onSocketClose(this: WatchedSocket): void {
    const inFlight = this[kInFlight];
    this[kInFlight] = undefined;
    try {
      if (inFlight instanceof Set) inFlight.forEach(abandoned);
      else if (inFlight) abandoned(inFlight);
    } catch (error) {
      onError(error);
    }
  }

  function begin(message: unknown): void {
    const { response, socket } = message as { response: TimedResponse; socket: WatchedSocket };
    response[kStartedMs] = performance.now();
    const inFlight = socket[kInFlight];
    if (inFlight === undefined) {
      if (!(kInFlight in socket)) socket.once('close', onSocketClose);
      socket[kInFlight] = response;
    } else if (inFlight instanceof Set) inFlight.add(response);
    else socket[kInFlight] = new Set([inFlight, response]);
  }

  function finish(message: unknown): void {
    const { request, response, socket } = message as Exchange;
    const watched = socket as WatchedSocket;
    const inFlight = watched[kInFlight];
    if (inFlight === response) watched[kInFlight] = undefined;
    else if (inFlight instanceof Set) inFlight.delete(response);
    record(request, response, response.statusCode);
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
