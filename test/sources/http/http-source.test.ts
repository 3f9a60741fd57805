import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type RequestListener,
  type RequestOptions,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { selfSigned } from '../../../demo/self-signed.ts';
import { httpSource } from '../../../src/sources/http/http-source.ts';
import type { FoundLibrary } from '../../../src/sources/seam/found-libraries.ts';
import { type CollectedMetrics, collectedMetrics } from '../../helpers/collected-metrics.ts';
import { sourcesOf } from '../../helpers/observed-source.ts';

type Points = Readonly<Record<string, number>>;

interface Scene extends CollectedMetrics {
  readonly port: number;
  readonly requests: () => Promise<Points>;
  readonly stop: () => void;
  /** Errors that the source reported. */
  readonly errors: readonly unknown[];
  readonly found: () => readonly FoundLibrary[];
}

/** A server of the service, observed. */
async function scene(t: TestContext, server: Server, maxEndpoints?: number): Promise<Scene> {
  const collected = collectedMetrics(maxEndpoints);
  const { bridge, start, errors } = sourcesOf(t, collected, [httpSource]);
  start();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    bridge.stop();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    ...collected,
    port,
    requests: () => collected.points('http_requests_total'),
    stop: () => bridge.stop(),
    errors,
    found: () => bridge.found.all(),
  };
}

async function ask(port: number, options: RequestOptions = {}): Promise<number | undefined> {
  const request = httpRequest({ port, host: '127.0.0.1', agent: false, ...options }).end();
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

/** Waits until the server has seen the end of a connection. */
async function closed(sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
  await turn();
}

function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  return sockets;
}

/** What a framework would leave on the request. */
const withRoute =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    const path = /^\/(\w+)/.exec(request.url ?? '')?.[1];
    if (path !== undefined) {
      const route = { path: `/${path}/:id` };
      const app = Object.assign(() => {}, { stack: [{ route, match: () => true }] });
      Object.assign(request, { route, app, baseUrl: '' });
    }
    listener(request, response);
  };

test('a request is counted with method, route template and status, and timed', async (t) => {
  const { port, requests, points } = await scene(
    t,
    createServer(
      withRoute((_request, response) => {
        response.statusCode = 201;
        response.end('made');
      }),
    ),
  );
  await ask(port, { path: '/users/7', method: 'POST' });
  await ask(port, { path: '/users/8?x=1', method: 'POST' });
  assert.deepEqual(await requests(), { 'method=POST,endpoint=/users/:id,status=201': 2 });
  assert.deepEqual(await points('http_request_duration_seconds'), { 'method=POST,endpoint=/users/:id': 2 });
});

test('a framework that no hook saw is noted with its first route, without a version', async (t) => {
  const { port, found } = await scene(t, createServer(withRoute((_request, response) => response.end())));
  await ask(port, { path: '/a/1' });
  await ask(port, { path: '/b/1' });
  assert.deepEqual(found(), [{ source: 'http', library: 'express', version: '', state: 'observed' }]);
});

test('without a route the endpoint is unmatched, never the path', async (t) => {
  const { port, requests } = await scene(
    t,
    createServer((_request, response) => response.end()),
  );
  for (const path of ['/', '/a', '/b?c', '/../etc/passwd']) await ask(port, { path });
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=200': 4 });
});

test('methods outside the nine known ones become one', async (t) => {
  const { port, requests } = await scene(
    t,
    createServer((_request, response) => response.end()),
  );
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'PURGE'])
    await ask(port, { method });
  const counted = await requests();
  assert.equal(counted['method=_OTHER,endpoint=unmatched,status=200'], 2);
  assert.equal(Object.keys(counted).length, 8);
});

test('beyond the limit endpoints count together', async (t) => {
  const { port, requests } = await scene(
    t,
    createServer(withRoute((_request, response) => response.end())),
    2,
  );
  for (const path of ['/a/1', '/b/1', '/c/1', '/d/1', '/a/2', '/c/2']) await ask(port, { path });
  assert.deepEqual(await requests(), {
    'method=GET,endpoint=/a/:id,status=200': 2,
    'method=GET,endpoint=/b/:id,status=200': 1,
    'method=GET,endpoint=__overflow__,status=200': 3,
  });
});

test('a client that leaves before any answer counts with status 499', async (t) => {
  const server = createServer(withRoute(() => {}));
  const sockets = socketsOf(server);
  const { port, requests, points } = await scene(t, server);
  const request = httpRequest({ port, path: '/slow/1', agent: false }).end();
  request.on('error', () => {});
  await once(server, 'request');
  request.destroy();
  await closed(sockets);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=/slow/:id,status=499': 1 });
  assert.deepEqual(await points('http_request_duration_seconds'), { 'method=GET,endpoint=/slow/:id': 1 });
});

test('a client that leaves in the middle of an answer counts with its status, and once', async (t) => {
  const server = createServer((_request, response) => {
    response.writeHead(206);
    response.write('half');
    response.on('close', () => response.end('too late'));
  });
  const sockets = socketsOf(server);
  const { port, requests } = await scene(t, server);
  const request = httpRequest({ port, agent: false }).end();
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  await once(response, 'data');
  response.on('error', () => {});
  request.destroy();
  await closed(sockets);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=206': 1 });
});

test('many requests on one connection are each counted once', async (t) => {
  const server = createServer(withRoute((_request, response) => response.end('x')));
  const sockets = socketsOf(server);
  const { port, requests } = await scene(t, server);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let at = 0; at < 20; at += 1) await ask(port, { path: `/users/${at}`, agent });
  agent.destroy();
  await closed(sockets);
  assert.equal(sockets.size, 1);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=/users/:id,status=200': 20 });
});

test('pipelined requests are all counted, those cut off as 499', async (t) => {
  const server = createServer(
    withRoute((request, response) => {
      if (request.url === '/quick/1') response.end('x');
    }),
  );
  const sockets = socketsOf(server);
  const { port, requests } = await scene(t, server);
  let seen = 0;
  const { promise: allSeen, resolve } = Promise.withResolvers<void>();
  server.on('request', () => {
    seen += 1;
    if (seen === 3) resolve();
  });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    ['/quick/1', '/slow/1', '/slow/2'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''),
  );
  await allSeen;
  await once(socket, 'data');
  socket.destroy();
  await closed(sockets);
  assert.deepEqual(await requests(), {
    'method=GET,endpoint=/quick/:id,status=200': 1,
    'method=GET,endpoint=/slow/:id,status=499': 2,
  });
});

test('an answer that the service gave up on counts when its connection closes', async (t) => {
  const server = createServer((request) => {
    request.socket.destroy();
  });
  const sockets = socketsOf(server);
  const { port, requests } = await scene(t, server);
  await assert.rejects(ask(port), { code: 'ECONNRESET' });
  await closed(sockets);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=499': 1 });
});

test('https is observed as http is', async (t) => {
  const { key, cert } = selfSigned(Date.now());
  const server = createHttpsServer({ key, cert }, (_request, response) => response.end());
  const { port, requests } = await scene(t, server);
  const { request: httpsRequest } = await import('node:https');
  const request = httpsRequest({ port, host: '127.0.0.1', agent: false, rejectUnauthorized: false }).end();
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  await once(response, 'end');
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=200': 1 });
});

test('upgrades and malformed requests disturb nothing', async (t) => {
  const server = createServer((_request, response) => response.end());
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const { port, requests } = await scene(t, server);
  for (const text of [
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    'RUBBISH\r\n\r\n',
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(text);
    socket.resume();
    await once(socket, 'close');
  }
  await ask(port);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=200': 1 });
});

test('a route reader that throws is asked no more after ten times; the request counts, the service sees nothing', async (t) => {
  const server = createServer((request, response) => {
    Object.defineProperty(request, 'route', {
      get(): never {
        throw new Error('do not touch');
      },
    });
    response.end('fine');
  });
  const { port, requests, errors, found } = await scene(t, server);
  for (let at = 0; at < 15; at += 1) assert.equal(await ask(port), 200);
  // Both frameworks leave their route under this name.
  assert.equal(errors.length, 2);
  for (const error of errors) assert.match(String(error), /do not touch/);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=200': 15 });
  assert.deepEqual(
    found(),
    ['restify', 'express'].map((library) => ({
      source: 'http',
      library,
      version: '',
      state: 'switched_off',
    })),
  );
});

test('the service sees nothing of ours on its requests, responses and sockets', async (t) => {
  const keys: string[] = [];
  const server = createServer((request, response) => {
    keys.push(...Object.keys(request), ...Object.keys(response), ...Object.keys(request.socket));
    response.end();
  });
  const { port } = await scene(t, server);
  await ask(port);
  assert.ok(keys.length > 0);
  assert.deepEqual(
    keys.filter((key) => /monitoring|geometra|startedMs|inFlight/i.test(key)),
    [],
  );
});

test('after the stop nothing more is counted, what was counted stays', async (t) => {
  const { port, requests, stop } = await scene(
    t,
    createServer((_request, response) => response.end()),
  );
  await ask(port);
  stop();
  await ask(port);
  assert.deepEqual(await requests(), { 'method=GET,endpoint=unmatched,status=200': 1 });
});
