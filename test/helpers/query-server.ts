import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly time: string;
}

/** Status and body of an answer; `undefined` never answers. */
export type Reply = { readonly status: number; readonly body: string } | undefined;

export interface QueryServer {
  readonly url: string;
  readonly asked: Asked[];
  /** Resolves with the first request. */
  readonly first: Promise<void>;
  /** Requests that were under way at the same time, at most. */
  readonly peak: () => number;
  reply: (asked: Asked) => Reply;
}

type Labels = Readonly<Record<string, string>>;

export function vector(...series: readonly (readonly [labels: Labels, value: string])[]): Reply {
  const result = series.map(([metric, value]) => ({ metric, value: [0, value] }));
  return {
    status: 200,
    body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }),
  };
}

export function error(status: number, errorType: string, text: string): Reply {
  return { status, body: JSON.stringify({ status: 'error', errorType, error: text }) };
}

/** A server with the query API's form of requests and answers, which says what the test tells it to. */
export async function queryServer(t: TestContext, reply: QueryServer['reply']): Promise<QueryServer> {
  const asked: Asked[] = [];
  const { promise: first, resolve: gotFirst } = Promise.withResolvers<void>();
  let underWay = 0;
  let peak = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    peak = Math.max(peak, underWay);
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const form = new URLSearchParams(text);
      const one: Asked = {
        path: request.url ?? '',
        headers: request.headers,
        query: form.get('query') ?? '',
        time: form.get('time') ?? '',
      };
      asked.push(one);
      gotFirst();
      // A turn later, so that what is asked at the same time meets here.
      setImmediate(() => {
        underWay -= 1;
        const answer = made.reply(one);
        if (answer === undefined) return;
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const made: QueryServer = { url: `http://127.0.0.1:${port}`, asked, first, peak: () => peak, reply };
  return made;
}
