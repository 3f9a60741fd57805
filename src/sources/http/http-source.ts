// Hot path: per request two channel messages, one clock reading each, one Map lookup per label, two records on
// OpenTelemetry instruments with label objects made once per series. `npm run bench -- overhead`.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Source, SourceContext, SourceRow } from '../seam/source.ts';
import { InFlight } from './in-flight.ts';
import { CLIENT_GONE, LISTENING, listeningServer } from './listening-server.ts';
import { createReadRoute } from './routes/read-route.ts';
import { routeReaders } from './routes/route-readers.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly server: Server;
}

/** A symbol, so that nothing of the service sees or meets it. */
const kInFlight = Symbol('monitoring.inFlight');

type WatchedSocket = Socket & { [kInFlight]?: InFlight };

const REQUEST = 'http.server.request.start';
const FINISH = 'http.server.response.finish';

/** Servers of node:http and node:https; others are of no interest here. */
const isHttpServer = (server: object): boolean => 'keepAliveTimeout' in server && 'requestTimeout' in server;

/**
 * Counts and times every request that a `node:http` or `node:https` server of this thread answers, and those
 * whose client left before. Upgrades, CONNECT and malformed requests are not published by Node and not seen.
 */
function observeHttp({ recorder, found, onError }: SourceContext): Source {
  const readRoute = createReadRoute(routeReaders, {
    // For one that no hook saw: in a bundle, under another name, loaded before the preload.
    onSeen: ({ library }) => found(library, '', 'observed'),
    onError,
    onSwitchedOff: ({ library }) => found(library, '', 'switched_off'),
  });
  function record(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    startedMs: number,
  ): void {
    const seconds = (performance.now() - startedMs) / 1000;
    recorder.http(readRoute(request, response), request.method ?? '_OTHER').record(status, seconds);
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

  function onRequest(message: unknown): void {
    const { response, socket } = message as { response: ServerResponse; socket: WatchedSocket };
    let inFlight = socket[kInFlight];
    if (inFlight === undefined) {
      inFlight = new InFlight();
      socket[kInFlight] = inFlight;
      socket.once('close', onSocketClose);
    }
    inFlight.begin(response, performance.now());
  }

  function onFinish(message: unknown): void {
    const { request, response, socket } = message as Exchange;
    const startedMs = (socket as WatchedSocket)[kInFlight]?.end(response);
    if (startedMs !== undefined) record(request, response, response.statusCode, startedMs);
  }

  return { channels: { [REQUEST]: onRequest, [FINISH]: onFinish } };
}

/** HTTP servers, with the routes of the frameworks on them. */
export const httpSource: SourceRow = {
  name: 'http',
  hooks: routeReaders.flatMap(({ hooks = [] }) => hooks),
  channels: [
    {
      name: LISTENING,
      wakes: (message) => (isHttpServer(listeningServer(message) ?? {}) ? 'service' : undefined),
    },
    { name: REQUEST, wakes: () => 'service' },
    { name: FINISH },
    ...routeReaders.flatMap(({ channels = [] }) => channels),
  ],
  observe: observeHttp,
};
