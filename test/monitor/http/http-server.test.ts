import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  MonitorServer,
  type MonitorServerOptions,
  type Page,
} from '../../../src/monitor/http/http-server.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';

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

test('a page is answered with its type, its length in bytes and no leave to keep it', async (t) => {
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

test('other addresses are 404 and say what there is', async (t) => {
  const { url } = await serve(t);
  for (const path of ['/', '/metrics/', '/Metrics', '/constructor', '/__proto__', '//', '/%6detrics']) {
    const { status, body } = await ask(url + path);
    assert.equal(status, 404, path);
    assert.equal(body.toString(), 'not found; there is /metrics, /short\n');
  }
});

test('a target that is no address is 404 as well', async (t) => {
  const { url } = await serve(t);
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  assert.match(first.toString(), /^HTTP\/1\.1 404 /);
  socket.destroy();
});

test('other methods are 405 and say which there are', async (t) => {
  const { url } = await serve(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const { status, headers } = await ask(`${url}/metrics`, {}, method);
    assert.equal(status, 405, method);
    assert.equal(headers['allow'], 'GET, HEAD');
  }
});

test('with a token only who brings it is answered', async (t) => {
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

test('a page that fails is 500, is said in the log and not to the client', async (t) => {
  const { url, log } = await serve(t, {
    routes: { '/metrics': () => Promise.reject(new Error('secret detail')) },
  });
  const { status, body } = await ask(`${url}/metrics`);
  assert.equal(status, 500);
  assert.equal(body.toString(), 'internal error\n');
  assert.match(log.said.join('\n'), /^ERROR \/metrics: Error: secret detail/);
});

test('an address for every interface is told as one that can be opened', async (t) => {
  const { url } = await serve(t, { host: '0.0.0.0' });
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await ask(`${url}/short`)).status, 200);
});

test('a taken port is said once with its way out, tried again every ten seconds and taken when it is free', async (t) => {
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
    /^WARNING \[MON_PORT_TAKEN\] .*127\.0\.0\.1:\d+: EADDRINUSE.*trying again every 10s/,
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

test('an address that cannot be had is said like a taken port', async (t) => {
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
  socket.write('GET /short HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  await server.stop();
  if (!socket.closed) await once(socket, 'close');
  await assert.rejects(ask(`${url}/short`), { code: 'ECONNREFUSED' });
});

test('the server does not hold the process open', async (t) => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const { url } = await serve(t, { host: 'localhost' });
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length, before);
  assert.equal((await ask(`${url}/short`)).status, 200);
});
