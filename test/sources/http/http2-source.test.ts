import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:https';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { selfSigned } from '../../../demo/self-signed.ts';
import { http2Source } from '../../../src/sources/http/http2-source.ts';
import { httpSource } from '../../../src/sources/http/http-source.ts';
import { collectedMetrics } from '../../helpers/collected-metrics.ts';
import { sourcesOf } from '../../helpers/observed-source.ts';

type Points = Readonly<Record<string, number>>;

interface Scene {
  readonly client: ClientHttp2Session;
  readonly port: number;
  /** Resolves when the server has seen the end of so many streams. */
  readonly ended: (count: number) => Promise<void>;
  readonly requests: () => Promise<Points>;
  readonly errors: readonly unknown[];
}

/** A server of the service, observed, and a client of it. */
async function scene(t: TestContext, server: Http2Server, scheme = 'http'): Promise<Scene> {
  const collected = collectedMetrics();
  const { start, errors } = sourcesOf(t, collected, [httpSource, http2Source]);
  start();
  let closed = 0;
  let onClosed = (): void => {};
  server.on('session', (session) =>
    session.on('stream', (stream) =>
      stream.once('close', () => {
        closed += 1;
        onClosed();
      }),
    ),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false });
  client.on('error', () => {});
  t.after(() => {
    client.destroy();
    server.close();
  });
  return {
    client,
    port,
    errors,
    requests: () => collected.points('http_requests_total'),
    ended: (count) =>
      new Promise((resolve) => {
        onClosed = (): void => {
          if (closed >= count) setImmediate(resolve);
        };
        onClosed();
      }),
  };
}

async function ask(client: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): Promise<void> {
  const stream = client.request({ ':path': '/person@mail.example', ...headers });
  stream.on('error', () => {});
  stream.resume();
  stream.end();
  await once(stream, 'close');
}

test('P2 requests over HTTP/2 are counted with method and status, those of the compatibility API', async (t) => {
  const { client, requests, ended } = await scene(
    t,
    createServer((request, response) => {
      response.statusCode = request.method === 'POST' ? 201 : 200;
      response.end('ok');
    }),
  );
  for (const method of ['GET', 'GET', 'POST', 'HEAD', 'BREW']) await ask(client, { ':method': method });
  await ended(5);
  assert.deepEqual(await requests(), {
    'method=GET,endpoint=unmatched,status=200': 2,
    'method=POST,endpoint=unmatched,status=201': 1,
    'method=HEAD,endpoint=unmatched,status=200': 1,
    'method=_OTHER,endpoint=unmatched,status=200': 1,
  });
});

test('P2 requests of the core API are counted, streams that the server pushes are not', async (t) => {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (_error, pushed) => {
      pushed.respond({ ':status': 200 });
      pushed.end('x');
    });
    stream.respond({ ':status': 204 }, { endStream: true });
  });
  const { client, requests, ended } = await scene(t, server);
  client.on('stream', (pushed) => pushed.resume());
  await ask(client);
  await ended(1);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=204': 1 });
});

test('P2 a client that leaves before an answer counts as 499, in the middle of one with its status', async (t) => {
  const { client, requests, ended } = await scene(
    t,
    createServer((request, response) => {
      if (request.url !== '/part') return;
      response.writeHead(206);
      response.write('half');
    }),
  );
  const hanging = client.request({ ':path': '/hang' });
  hanging.on('error', () => {});
  const part = client.request({ ':path': '/part' });
  part.on('error', () => {});
  await once(part, 'response');
  hanging.close(constants.NGHTTP2_CANCEL);
  part.close(constants.NGHTTP2_CANCEL);
  await ended(2);
  assert.deepEqual(await requests(), {
    'method=GET,endpoint=unmatched,status=499': 1,
    'method=GET,endpoint=unmatched,status=206': 1,
  });
});

test('P2 a connection that breaks leaves its requests as 499', async (t) => {
  const { promise: allSeen, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const server = createServer(() => {
    seen += 1;
    if (seen === 3) resolve();
  });
  const { client, requests, ended } = await scene(t, server);
  const streams = [1, 2, 3].map(() => client.request({ ':path': '/' }));
  for (const stream of streams) stream.on('error', () => {});
  await allSeen;
  client.destroy();
  await ended(3);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=499': 3 });
});

test('P2 the route of a framework on the compatibility API is the endpoint', async (t) => {
  const { client, requests, ended } = await scene(
    t,
    createServer((request, response) => {
      const route = { path: '/users/:id' };
      const app = Object.assign(() => {}, { stack: [{ route, match: () => true }] });
      Object.assign(request, { route, app, baseUrl: '' });
      response.end();
    }),
  );
  await ask(client);
  await ended(1);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=/users/:id,status=200': 1 });
});

test('P2 a server of both protocols counts each request once', async (t) => {
  const { key, cert } = selfSigned(Date.now());
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (_request, response) => response.end());
  const { client, port, requests, ended } = await scene(t, server, 'https');
  await ask(client);
  await ended(1);
  const request = get({ port, host: '127.0.0.1', agent: false, rejectUnauthorized: false });
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  await once(response, 'end');
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=200': 2 });
});
