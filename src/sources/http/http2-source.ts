// Hot path: per stream two channel messages and one WeakMap entry.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Source, SourceContext, SourceRow } from '../seam/source.ts';
import { CLIENT_GONE, LISTENING, listeningServer } from './listening-server.ts';
import { createReadRoute, UNMATCHED } from './routes/read-route.ts';
import { routeReaders } from './routes/route-readers.ts';

const START = 'http2.server.stream.start';
const CLOSE = 'http2.server.stream.close';

type Stream = ServerHttp2Stream & { readonly sentHeaders?: Readonly<Record<string, unknown>> };
type Headers = Readonly<Record<string, unknown>>;

interface Exchange {
  readonly startedMs: number;
  readonly method: string;
}

const isHttp2 = (server: object): server is Http2Server => 'updateSettings' in server;

/** Node keeps the request and response of its compatibility API on the stream, under symbols of its own. */
function compatOf(stream: object): readonly [IncomingMessage, ServerResponse] | undefined {
  const own = Object.getOwnPropertySymbols(stream);
  const valueOf = (name: string): unknown => {
    const symbol = own.find(({ description }) => description === name);
    return symbol && (stream as Record<symbol, unknown>)[symbol];
  };
  const [request, response] = [valueOf('request'), valueOf('response')];
  return request && response ? [request as IncomingMessage, response as ServerResponse] : undefined;
}

/**
 * Counts and times every request that an HTTP/2 server of this thread is sent, of the core and the compatibility API,
 * until its stream is closed. Streams that the server pushes are its own and are not requests.
 */
function observeHttp2({ recorder, found, onError }: SourceContext): Source {
  const exchanges = new WeakMap<Stream, Exchange>();
  const readRoute = createReadRoute(routeReaders, {
    onSeen: ({ library }) => found(library, '', 'observed'),
    onError,
    onSwitchedOff: ({ library }) => found(library, '', 'switched_off'),
  });

  function begin(stream: Stream, headers: Headers): boolean {
    const isOurs = (stream.id ?? 0) % 2 === 1 && !exchanges.has(stream);
    if (isOurs) exchanges.set(stream, { startedMs: performance.now(), method: String(headers[':method']) });
    return isOurs;
  }

  function end(stream: Stream): void {
    const exchange = exchanges.get(stream);
    if (!exchange) return;
    exchanges.delete(stream);
    const seconds = (performance.now() - exchange.startedMs) / 1000;
    const compat = compatOf(stream);
    const route = compat ? readRoute(...compat) : UNMATCHED;
    const status = Number(stream.sentHeaders?.[':status'] ?? CLIENT_GONE);
    recorder.http(route, exchange.method).record(status, seconds);
  }

  /** Older Node (22.15) publishes no streams: there they are taken from their session. */
  let published = false;
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      onError(error);
    }
  };
  function onStream(stream: Stream, headers: Headers): void {
    guarded(() => {
      // Where Node publishes it, that came first, and no further session is listened to.
      if (!begin(stream, headers)) published ||= (stream.id ?? 0) % 2 === 1;
      else stream.prependOnceListener('close', () => guarded(() => end(stream)));
    });
  }
  function onSession(session: ServerHttp2Session): void {
    if (!published) session.on('stream', onStream as Parameters<typeof session.on>[1]);
  }
  const servers: WeakRef<Http2Server>[] = [];
  function onListening(message: unknown): void {
    const server = listeningServer(message);
    if (!server || !isHttp2(server) || published) return;
    server.on('session', onSession);
    servers.push(new WeakRef(server));
  }

  return {
    channels: {
      [LISTENING]: onListening,
      [START]: (message) => {
        const { stream, headers } = message as { stream: Stream; headers: Headers };
        begin(stream, headers);
      },
      [CLOSE]: (message) => end((message as { stream: Stream }).stream),
    },
    stop: () => servers.forEach((server) => server.deref()?.off('session', onSession)),
  };
}

/** HTTP/2 servers. */
export const http2Source: SourceRow = {
  name: 'http2',
  channels: [
    {
      name: LISTENING,
      wakes: (message) => (isHttp2(listeningServer(message) ?? {}) ? 'service' : undefined),
    },
    { name: START, wakes: () => 'service' },
    { name: CLOSE },
  ],
  observe: observeHttp2,
};
