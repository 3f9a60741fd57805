import { connect } from 'node:net';
import { serialize } from 'node:v8';
import type { Attack, Attempt } from '../attack.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** A message as the link carries it. */
function frame(message: unknown): Buffer {
  const body = serialize(message);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

const length = (bytes: number): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes);
  return head;
};
const hello = { kind: 'hello', processId: 'stranger', pid: 1, version: 1, protocol: 1 };
const snapshot = (metric: object, series: object, values: unknown = new Float64Array([0, 0, 7])): object => ({
  kind: 'snapshot',
  request: 0,
  snapshot: {
    atMs: 1,
    newMetrics: [{ id: 0, name: 'm', help: '', unit: '', scope: 'x', kind: 'counter', ...metric }],
    newSeries: [{ id: 0, metric: 0, labels: {}, ...series }],
    values,
  },
});

/** Writes these to the socket of the service's processes; /metrics goes on. */
async function strange(
  target: Target,
  pieces: readonly Buffer[],
  holdMs: number,
): Promise<string | undefined> {
  const path = target.linkPath();
  if (path === undefined) return 'the socket of the link was not found';
  const socket = connect(path).on('error', () => {});
  socket.resume();
  for (const piece of pieces) socket.write(piece);
  await new Promise((later) => setTimeout(later, holdMs));
  socket.destroy();
  return undefined;
}

const messages = (name: string, ...list: readonly unknown[]): Attempt => ({
  name,
  run: async (target) => {
    const problem = await strange(
      target,
      list.map((message) => (Buffer.isBuffer(message) ? message : frame(message))),
      700,
    );
    if (problem !== undefined) return problem;
    const { status, text } = await target.ask(target.metricsPort, '/metrics');
    return status === 200 ? undefined : `/metrics answers ${status}: ${text.slice(0, 100)}`;
  },
});

const half = Buffer.concat([length(200e6), Buffer.alloc(20e6)]);

const known: readonly Attempt[] = [
  messages('M7 a snapshot of an unknown kind', hello, snapshot({ kind: 'bogus' }, { labels: null })),
  messages('M7 a half frame of 200 MB', half),
  messages('M7 three half frames of 200 MB', half, half, half),
  messages('a frame without an end', length(0xff_ff_ff_ff)),
  messages('a frame of no bytes', length(0)),
  messages('a version from the future', { ...hello, version: 999, protocol: 999 }),
  messages('a hello without fields', { kind: 'hello' }),
  messages('no hello', snapshot({}, {})),
  messages('values that are no numbers', hello, snapshot({}, {}, ['a', null])),
  messages('series of a metric that is not there', hello, snapshot({}, { metric: 77 })),
  messages(
    'labels that are no texts',
    hello,
    snapshot({}, { labels: { a: { b: 1 }, 'no name': 1, __proto__: 'x' } }),
  ),
  messages('a metric whose name is a line of the page', hello, snapshot({ name: 'x 1\ny' }, {})),
  messages(
    'our own metric, forged',
    hello,
    snapshot({ name: 'http_requests_total' }, { labels: { method: 'GET' } }),
  ),
  messages('a million series', hello, {
    kind: 'snapshot',
    request: 0,
    snapshot: {
      atMs: 1,
      newMetrics: [],
      newSeries: Array.from({ length: 200_000 }, (_, id) => ({ id, metric: 0, labels: { a: String(id) } })),
      values: new Float64Array(9),
    },
  }),
  messages('a drain without an end', hello, { kind: 'drain', request: 1, deadlineMs: 1e300 }),
  messages('M7 a silence whose comment is a number', hello, {
    kind: 'silence',
    request: { kind: 'add', silence: { comment: 5, matchers: 'x', endsAt: 'x' } },
  }),
  messages('a step down of nobody', { kind: 'step-down', extra: 1 }),
];

const KINDS = ['hello', 'snapshot', 'spooled', 'drain', 'sample-host', 'bye', 'silence', 'bogus', '', 5];

function anything(random: Random, depth: number): unknown {
  const roll = random.next();
  if (depth === 0 || roll < 0.4)
    return random.pick([
      random.text(30),
      random.below(1e6),
      null,
      undefined,
      true,
      Number.NaN,
      10n,
      new Float64Array(random.below(5)),
      new Date(0),
      new Map([[1, 2]]),
    ]);
  if (roll < 0.6) return Array.from({ length: random.below(5) }, () => anything(random, depth - 1));
  const keys = [
    'kind',
    'request',
    'snapshot',
    'processId',
    'pid',
    'labels',
    'values',
    'newMetrics',
    'newSeries',
    'id',
    'metric',
    'name',
    'code',
    '__proto__',
  ];
  return Object.fromEntries(
    Array.from({ length: random.below(6) }, () => [random.pick(keys), anything(random, depth - 1)]),
  );
}

/** What reaches the socket that the processes of a service meet at. */
export const frames: Attack = {
  name: 'frames',
  known,
  weight: 1,
  parallel: 2,
  generate: (random) => {
    const list = Array.from({ length: 1 + random.below(4) }, (): unknown =>
      random.next() < 0.2
        ? random.bytes(200)
        : { ...(anything(random, 4) as object), kind: random.pick(KINDS) },
    );
    const pieces = [
      ...(random.next() < 0.7 ? [frame(hello)] : []),
      ...list.map((one) => (Buffer.isBuffer(one) ? one : frame(one))),
    ];
    return {
      name: list
        .map((one) =>
          JSON.stringify(one, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
        )
        .join()
        .slice(0, 200),
      run: (target) => strange(target, pieces, 5),
    };
  },
};
