import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  MonitorServer,
  type MonitorServerOptions,
  type Page,
  type TimeLimits,
} from '../../../src/monitor/http/http-server.ts';
import { createOwnLog } from '../../../src/own-log/own-log.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const LONG = 'http_requests_total{method="GET",endpoint="/å"} 1\n'.repeat(100);
const page =
  (body: string): (() => Promise<Page>) =>
  () =>
    Promise.resolve({ contentType: 'text/plain; x=1', body });

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request as it goes over the wire; `fetch` would decode gzip on its own. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject).end();
  });
}

type Log = ReturnType<typeof recordingOwnLog>;

/** A server on a free port, with the address where it answers. */
async function serve(
  t: TestContext,
  options: Partial<MonitorServerOptions> = {},
): Promise<{ readonly url: string; readonly log: Log; readonly server: MonitorServer }> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const log = recordingOwnLog();
  const server = new MonitorServer({
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    routes: { '/metrics': page(LONG), '/short': page('up 1\n') },
    ownLog: log,
    onAddress: resolve,
    ...options,
  });
  t.after(() => server.stop());
  server.start();
  const url = await promise;
  assert.ok(url);
  return { url, log, server };
}

test('a page is answered with its type, its length in bytes, and is not to be stored', async (t) => {
  const { url } = await serve(t);
  const { status, headers, body } = await ask(`${url}/metrics?name=x`);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; x=1');
  assert.equal(headers['content-length'], String(Buffer.byteLength(LONG)));
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(body.toString(), LONG);
});

test('the query of the address reaches the page', async (t) => {
  const { url } = await serve(t, {
    routes: { '/echo': (asked) => Promise.resolve({ contentType: 'text/plain', body: asked.search }) },
  });
  assert.equal((await ask(`${url}/echo?a=b%20c`)).body.toString(), '?a=b%20c');
});

test('a long page goes as gzip to those who take it, a short one and everybody else get it plain', async (t) => {
  const { url } = await serve(t);
  const rows: readonly (readonly [header: string, zipped: boolean])[] = [
    ['gzip', true],
    ['deflate, GZIP;q=0.5, br', true],
    ['*', true],
    ['gzip;q=1.000', true],
    ['identity', false],
    ['', false],
    ['gzip;q=0', false],
    ['gzip; q=0.000, *', false],
    ['*;q=0', false],
    ['x-gzip', false],
  ];
  for (const [header, zipped] of rows) {
    const { headers, body } = await ask(`${url}/metrics`, { 'accept-encoding': header });
    assert.equal(headers['content-encoding'], zipped ? 'gzip' : undefined, header);
    assert.equal(headers['content-length'], String(body.length));
    assert.equal(headers['vary'], 'accept-encoding');
    assert.equal((zipped ? gunzipSync(body) : body).toString(), LONG);
  }
  const short = await ask(`${url}/short`, { 'accept-encoding': 'gzip' });
  assert.equal(short.headers['content-encoding'], undefined);
});

test('HEAD has the headers of GET and no body', async (t) => {
  const { url } = await serve(t);
  const get = await ask(`${url}/metrics`, { 'accept-encoding': 'gzip' });
  const head = await ask(`${url}/metrics`, { 'accept-encoding': 'gzip' }, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  const { date: _a, ...expected } = get.headers;
  const { date: _b, ...got } = head.headers;
  assert.deepEqual(got, expected);
});

test('other addresses are 404 and name those that there are', async (t) => {
  const { url } = await serve(t);
  for (const path of ['/', '/metrics/', '/Metrics', '/constructor', '/__proto__', '//', '/%6detrics']) {
    const { status, body } = await ask(url + path);
    assert.equal(status, 404, path);
    assert.equal(body.toString(), 'not found; available: /metrics, /short\n');
  }
});

test('a target that is no address is 404 as well', async (t) => {
  const { url } = await serve(t);
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  assert.match(first.toString(), /^HTTP\/1\.1 404 /);
  socket.destroy();
});

test('other methods are 405 and name those that there are', async (t) => {
  const { url } = await serve(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const { status, headers } = await ask(`${url}/metrics`, {}, method);
    assert.equal(status, 405, method);
    assert.equal(headers['allow'], 'GET, HEAD');
  }
});

test('with a token only requests that carry it are answered', async (t) => {
  const { url } = await serve(t, { token: 's3cret token' });
  const rows: readonly (readonly [header: string | undefined, status: number])[] = [
    [undefined, 401],
    ['', 401],
    ['Bearer', 401],
    ['Bearer s3cret', 401],
    ['Bearer s3cret tokem', 401],
    ['Bearer s3cret token2', 401],
    ['Basic s3cret token', 401],
    ['s3cret token', 401],
    ['Bearer s3cret token', 200],
    ['bearer  s3cret token', 200],
  ];
  for (const [header, expected] of rows) {
    const { status, headers, body } = await ask(
      `${url}/metrics`,
      header === undefined ? {} : { authorization: header },
    );
    assert.equal(status, expected, header);
    if (expected !== 401) continue;
    assert.equal(headers['www-authenticate'], 'Bearer realm="monitoring"');
    assert.ok(!body.toString().includes('http_requests_total'));
  }
  assert.equal((await ask(`${url}/metrics`, {}, 'HEAD')).status, 401);
});

test('M8 a page that fails is 500; the log names its route once, without parameters, and the client gets no detail', async (t) => {
  const { url, log } = await serve(t, {
    routes: { '/metrics': () => Promise.reject(new Error('secret detail')) },
  });
  const { status, body } = await ask(`${url}/metrics?token=URLSECRET`);
  assert.equal(status, 500);
  assert.equal(body.toString(), 'internal error\n');
  assert.match(log.said.join('\n'), /^WARNING \[MON_PAGE\] \/metrics: .*Error: secret detail/);
  assert.doesNotMatch(log.said.join('\n'), /URLSECRET/);
});

test('an address for every interface is shown as one that can be opened', async (t) => {
  const { url } = await serve(t, { host: '0.0.0.0' });
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await ask(`${url}/short`)).status, 200);
});

test('a taken port is logged once with its way out, tried again every ten seconds and taken when it is free', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const holder = createServer();
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const addresses: (string | undefined)[] = [];
  let heard = (): void => {};
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      heard = resolve;
    });
  const log = recordingOwnLog();
  const server = new MonitorServer({
    host: '127.0.0.1',
    port,
    token: undefined,
    routes: { '/short': page('up 1\n') },
    ownLog: log,
    onAddress: (url) => {
      addresses.push(url);
      heard();
    },
  });
  t.after(() => server.stop());

  let waiting = next();
  server.start();
  await waiting;
  assert.match(
    log.said[0] ?? '',
    /^WARNING \[MON_PORT_TAKEN\] .*127\.0\.0\.1:\d+: EADDRINUSE.*retrying every 10s/,
  );

  waiting = next();
  t.mock.timers.tick(9999);
  assert.deepEqual(addresses, [undefined]);
  t.mock.timers.tick(1);
  await waiting;
  assert.deepEqual(addresses, [undefined, undefined]);

  holder.close();
  await once(holder, 'close');
  waiting = next();
  t.mock.timers.tick(10_000);
  await waiting;
  const url = `http://127.0.0.1:${port}`;
  assert.deepEqual(addresses, [undefined, undefined, url]);
  assert.equal(log.said.at(-1), `INFO now listening on ${url}`);
  assert.equal((await ask(`${url}/short`)).status, 200);
});

test('an address that cannot be used is logged like a taken port', async (t) => {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const log = recordingOwnLog();
  const server = new MonitorServer({
    host: '192.0.2.1',
    port: 0,
    token: undefined,
    routes: {},
    ownLog: log,
    onAddress: resolve,
  });
  t.after(() => server.stop());
  server.start();
  assert.equal(await promise, undefined);
  assert.match(log.said.join(), /192\.0\.2\.1:0: EADDRNOTAVAIL/);
});

test('stopping ends open connections and the tries for a port', async (t) => {
  const { url, server } = await serve(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /short HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  await server.stop();
  if (!socket.closed) await once(socket, 'close');
  await assert.rejects(ask(`${url}/short`), { code: 'ECONNREFUSED' });
});

test('M5 with a token an unknown address asks for it as well and lists nothing', async (t) => {
  const { url } = await serve(t, { token: 'tok' });
  const { status, body } = await ask(`${url}/nothing`);
  assert.equal(status, 401);
  assert.equal(body.toString(), 'a bearer token is required\n');
});

test('M5 a rejected host name is logged once, with the setting that allows it', async (t) => {
  const lines: string[] = [];
  const dir = temporaryFolder('host');
  const ownLog = createOwnLog({ dir, level: 'WARNING', writeStderr: (line) => lines.push(line) });
  const { url } = await serve(t, { allowedHosts: ['metrics.example'], ownLog });
  for (const host of ['web1.example', 'web2.example', `${'x'.repeat(1000)}.example`])
    assert.equal((await ask(`${url}/short`, { host })).status, 403, host);
  assert.equal((await ask(`${url}/short`, { host: 'metrics.example' })).status, 200);
  assert.equal(lines.length, 1);
  assert.match(lines.join(), /MON_HOST.*"web1\.example".*MONITORING_ALLOWED_HOSTS/);
});

test('M5 an address that others can reach without a token is one warning', async (t) => {
  const open = await serve(t, { host: '0.0.0.0' });
  assert.match(
    open.log.said.join('\n'),
    /^WARNING \[MON_METRICS_OPEN\] 0\.0\.0\.0:\d+: [^\n]*MONITORING_METRICS_TOKEN[^\n]*$/,
  );
  assert.deepEqual((await serve(t, { host: '0.0.0.0', token: 'tok' })).log.said, []);
  assert.deepEqual((await serve(t)).log.said, []);
});

/** Opens so many connections, each sending the text. */
async function hold(t: TestContext, url: string, count: number, text: string): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  for (const socket of sockets) socket.on('error', () => {});
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) if (text !== '') socket.write(text);
  return sockets;
}

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await once(socket.resume(), 'close');
};

for (const [what, text] of [
  ['that send nothing', ''],
  ['with half a header', 'GET /metrics HTTP/1.1\r\nHost: '],
  ['with half a body', 'POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nquery='],
] as const) {
  test(`M4 of 100 connections ${what} the oldest are displaced, and a request is answered`, async (t) => {
    const { url } = await serve(t);
    const sockets = await hold(t, url, 100, text);
    assert.equal((await ask(`${url}/short`)).status, 200);
    await Promise.all(sockets.slice(0, 37).map(closed));
  });
}

test('M4 a connection that waits for an answer is not displaced by silent ones', async (t) => {
  const { promise: ready, resolve: answer } = Promise.withResolvers<void>();
  const { promise: asked, resolve: begun } = Promise.withResolvers<void>();
  const slow = async (): Promise<Page> => {
    begun();
    await ready;
    return { contentType: 'text/plain', body: 'late' };
  };
  const { url } = await serve(t, { routes: { '/slow': slow } });
  const answered = ask(`${url}/slow`);
  await asked;
  await hold(t, url, 100, '');
  answer();
  assert.equal((await answered).body.toString(), 'late');
});

test('M4 a connection that sends its next request before the answer is closed: pages do not pile up', async (t) => {
  let pages = 0;
  const { promise: never } = Promise.withResolvers<Page>();
  const slow = (): Promise<Page> => {
    pages += 1;
    return never;
  };
  const { url, log } = await serve(t, { routes: { '/slow': slow } });
  const [socket] = await hold(t, url, 1, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1000));
  assert.ok(socket);
  await closed(socket);
  assert.equal(pages, 1);
  assert.deepEqual(log.said, []);
});

test('M8 requests that their clients abort leave no line in the log', async (t) => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const { url, log } = await serve(t, { routes: { '/form': { form: page('x') } } });
  const sockets = await hold(
    t,
    url,
    20,
    'POST /form?token=URLSECRET HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nquery=',
  );
  for (const socket of sockets) {
    socket.on('close', () => {
      count += 1;
      if (count === sockets.length) resolve();
    });
    socket.resetAndDestroy();
  }
  await gone;
  // Answered after the server has seen the resets, which came before.
  assert.equal((await ask(`${url}/form`)).status, 200);
  assert.deepEqual(log.said, []);
});

const SHORT: TimeLimits = { headersMs: 50, requestMs: 50, keepAliveMs: 50, answerMs: 50, checkMs: 10 };

for (const [what, text] of [
  ['sends nothing', ''],
  ['stops in its headers', 'GET /short HTTP/1.1\r\nHost: '],
  ['stops in its body', 'POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nquery='],
  ['asks nothing more', 'GET /short HTTP/1.1\r\nHost: localhost\r\n\r\n'],
] as const) {
  test(`M4 a connection that ${what} is closed after a while, and nothing is logged`, async (t) => {
    const routes = { '/short': page('up 1\n'), '/form': { form: page('x') } };
    const { url, log } = await serve(t, { limits: SHORT, routes });
    await Promise.all((await hold(t, url, 2, text)).map(closed));
    assert.deepEqual(log.said, []);
  });
}

test('M4 an answer that nobody reads is dropped after a while', async (t) => {
  const { url } = await serve(t, { limits: SHORT, routes: { '/long': page('x'.repeat(50_000_000)) } });
  const [socket] = await hold(t, url, 1, 'GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.ok(socket);
  // The first bytes are read, the rest is not.
  await once(socket, 'readable');
  await new Promise((later) => setTimeout(later, 300));
  let length = 0;
  socket.on('data', (chunk: Buffer) => (length += chunk.length));
  await closed(socket);
  assert.ok(length < 50_000_000, `${length} bytes`);
});

test('the server does not hold the process open', async (t) => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const { url } = await serve(t, { host: 'localhost' });
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length, before);
  assert.equal((await ask(`${url}/short`)).status, 200);
});
