import type { Attack, Attempt } from '../attack.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** Writes this to a port and looks no further: what counts is that others are served meanwhile. */
async function sent(
  target: Target,
  port: number,
  bytes: string | Buffer,
  holdMs: number,
  reset: boolean,
): Promise<undefined> {
  const socket = target.connect(port);
  socket.resume();
  socket.write(bytes);
  await new Promise((later) => setTimeout(later, holdMs));
  if (reset) socket.resetAndDestroy();
  else socket.destroy();
}

/** Many connections at once, held for a while; the service and its metrics answer all the same. */
const held = (
  name: string,
  count: number,
  port: 'port' | 'metricsPort',
  bytes: string,
  read = true,
): Attempt => ({
  name,
  run: async (target) => {
    const sockets = Array.from({ length: count }, () => {
      const socket = target.connect(target[port]);
      if (bytes !== '') socket.write(bytes);
      if (read) socket.resume();
      return socket;
    });
    await new Promise((later) => setTimeout(later, 3000));
    const service = await target.ask(target.port, '/ping', {
      timeoutMs: 5000,
      headers: { connection: 'close' },
    });
    const metrics = await target.ask(target.metricsPort, '/metrics', {
      timeoutMs: 5000,
      headers: { connection: 'close' },
    });
    for (const socket of sockets) socket.destroy();
    if (service.status !== 200) return `the service answers ${service.status} ${service.text}`;
    return metrics.status === 200 ? undefined : `/metrics answers ${metrics.status} ${metrics.text}`;
  },
});

/** A request that has to be refused. */
const refused = (
  name: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Attempt => ({
  name,
  run: async (target) => {
    const { status } = await target.ask(target.metricsPort, path, {
      headers,
      ...(body !== undefined && { body }),
    });
    return status >= 400 && status < 500 ? undefined : `answered ${status}`;
  },
});

const known: readonly Attempt[] = [
  held('M4 400 connections that send nothing', 400, 'metricsPort', ''),
  held('M4 400 with half a header', 400, 'metricsPort', 'GET /metrics HTTP/1.1\r\nHost: '),
  held(
    'M4 200 with half a body',
    200,
    'metricsPort',
    'POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nquery=',
  ),
  held(
    'M4 200 that do not read their answers',
    200,
    'metricsPort',
    'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50),
    false,
  ),
  {
    name: 'M8 200 aborted POSTs',
    run: async (target) => {
      const before = target.stderr.split('\n').length;
      await Promise.all(
        Array.from({ length: 200 }, () =>
          sent(
            target,
            target.metricsPort,
            'POST /api/v1/query?token=URLSECRET HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nquery=',
            50,
            true,
          ),
        ),
      );
      await new Promise((later) => setTimeout(later, 1000));
      const lines = target.stderr.split('\n').length - before;
      if (target.stderr.includes('URLSECRET')) return 'the address of a request with its token is on stderr';
      return lines > 12 ? `${lines} lines on stderr` : undefined;
    },
  },
  refused('M5 a host that is not ours', '/metrics', { host: 'evil.example.com' }),
  refused('M5 a rebound name with our port', '/api/v1/query?query=up', {
    host: 'evil.example.com:9464',
    origin: 'http://evil.example.com:9464',
  }),
  refused('M5 a request that a browser marks as cross-site', '/api/v1/query?query=up', {
    'sec-fetch-site': 'cross-site',
  }),
  refused(
    'M5 a form from elsewhere',
    '/api/v1/query',
    { origin: 'http://evil.example.com', 'content-type': 'application/x-www-form-urlencoded' },
    'query=up',
  ),
];

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'TRACE', 'CONNECT', 'OPTIONS', 'PRI', 'x', ''];
const HEADERS = [
  'Host: localhost',
  'Host:',
  'Content-Length: -1',
  'Content-Length: 99999999999',
  'Transfer-Encoding: chunked',
  'Connection: Upgrade',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'Accept-Encoding: gzip;q=x,*;q=0',
  'Authorization: Bearer ',
  'Range: bytes=0-',
  'Content-Type: multipart/form-data',
];

function raw(random: Random): string | Buffer {
  if (random.next() < 0.15) return random.bytes(400);
  const path = random.pick(['/', '/metrics', '/api/v1/query', '*', 'http://x/', random.text(100)]);
  const lines = [
    `${random.pick(METHODS)} ${path} HTTP/${random.pick(['1.1', '1.0', '2.0', '9'])}`,
    ...random.several(HEADERS, 6),
    ...(random.next() < 0.2 ? [`X: ${random.text(5000)}`] : []),
  ];
  return `${lines.join(random.pick(['\r\n', '\r\n', '\n']))}\r\n\r\n${random.next() < 0.3 ? random.text(200) : ''}`;
}

/** Connections to the service's port and to ours. */
export const clients: Attack = {
  name: 'connections',
  known,
  weight: 1,
  parallel: 4,
  generate: (random) => {
    const bytes = raw(random);
    const [ours, holdMs, reset] = [random.next() < 0.7, random.below(20), random.next() < 0.5];
    return {
      name: JSON.stringify(bytes.toString()).slice(0, 200),
      run: (target) => sent(target, ours ? target.metricsPort : target.port, bytes, holdMs, reset),
    };
  },
};
