import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { serialize } from 'node:v8';
import { PROTOCOL, receiveFrames, sendFrame } from '../../src/link/frames.ts';

interface Pair {
  /** Writes raw bytes or frames towards the receiver. */
  readonly sender: Socket;
  readonly receiver: Socket;
  readonly received: unknown[];
  /** Why the receiver ended the link. */
  readonly invalid: string[];
  /** Resolves once this many messages have arrived. */
  readonly arrived: (count: number) => Promise<void>;
}

/** Two ends of a real connection, the second with `receiveFrames` on it. */
async function pair(t: TestContext, onMessage?: (message: unknown) => void): Promise<Pair> {
  const received: unknown[] = [];
  const invalid: string[] = [];
  let check = (): void => {};
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sender.setNoDelay(true);
  const [receiver] = (await once(server, 'connection')) as [Socket];
  sender.on('error', () => {});
  receiver.on('error', () => {});
  receiveFrames(
    receiver,
    (message) => {
      received.push(message);
      onMessage?.(message);
      check();
    },
    ({ message }) => invalid.push(message),
  );
  t.after(() => {
    sender.destroy();
    receiver.destroy();
    server.close();
  });
  const arrived = (count: number): Promise<void> =>
    new Promise((done) => {
      check = () => {
        if (received.length >= count) done();
      };
      check();
    });
  return { sender, receiver, received, invalid, arrived };
}

/** What each side sends first. */
const GREETING = Buffer.from([0x67, 0x6d, 0x6f, 0x6e, PROTOCOL, 0, 0, 0]);

function frame(message: unknown): Buffer {
  const body = serialize(message);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(body.length);
  return Buffer.concat([header, body]);
}

const messages = [
  { kind: 'hello', processId: 'p', pid: 1 },
  { kind: 'snapshot', values: Float64Array.of(1, Number.NaN, -0) },
  { text: 'å'.repeat(100_000) },
  { kind: 'spooled' },
];

test('messages arrive as they were sent, in their order, typed arrays included', async (t) => {
  const { sender, received, arrived } = await pair(t);
  for (const message of messages) sendFrame(sender, message);
  await arrived(messages.length);
  assert.deepEqual(received, messages);
});

test('frames may be cut anywhere: byte by byte, and several in one chunk', async (t) => {
  const { sender, receiver, received, arrived } = await pair(t);
  const small = [{ a: 1 }, { b: [1, 2, 3] }, 'c'];
  const bytes = Buffer.concat(small.map(frame));
  for (const byte of Buffer.concat([GREETING, bytes])) receiver.emit('data', Buffer.of(byte));
  await arrived(small.length);
  sender.write(bytes);
  await arrived(2 * small.length);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    receiver.emit('data', bytes.subarray(0, cut));
    receiver.emit('data', bytes.subarray(cut));
  }
  await arrived(small.length * (1 + bytes.length));
  for (let at = 0; at < received.length; at += small.length)
    assert.deepEqual(received.slice(at, at + small.length), small);
});

test('M7 a peer that sends something else, or another version, is disconnected with one reason', async (t) => {
  const bytes: readonly (readonly [what: string, sent: Buffer])[] = [
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['another version of the protocol', Buffer.from([0x67, 0x6d, 0x6f, 0x6e, PROTOCOL + 1, 0, 0, 0])],
    ['a frame without a greeting', frame({ kind: 'spooled' })],
    ['an empty frame', Buffer.concat([GREETING, Buffer.alloc(4)])],
    [
      'a body that is no structured clone',
      Buffer.concat([GREETING, Buffer.of(3, 0, 0, 0), Buffer.from('abc')]),
    ],
    ['a length beyond any frame of ours', Buffer.concat([GREETING, Buffer.of(0xff, 0xff, 0xff, 0xff)])],
    ['a length just beyond the limit', Buffer.concat([GREETING, Buffer.of(1, 0, 0, 4)])],
  ];
  for (const [what, sent] of bytes) {
    const { sender, receiver, received, invalid } = await pair(t);
    sender.write(sent);
    await once(receiver, 'close');
    assert.deepEqual([received, invalid.length], [[], 1], what);
  }
});

test('messages before an invalid one count, those after it do not', async (t) => {
  const { sender, receiver, received } = await pair(t);
  sender.write(Buffer.concat([GREETING, frame('good'), Buffer.alloc(4), frame('late')]));
  await once(receiver, 'close');
  assert.deepEqual(received, ['good']);
});

test('a message whose handling fails ends the link, not the process', async (t) => {
  const { sender, receiver } = await pair(t, () => {
    throw new Error('cannot handle it');
  });
  sendFrame(sender, 'anything');
  await once(receiver, 'close');
  assert.ok(receiver.destroyed);
});

test('sending to a link that is gone does nothing', async (t) => {
  const { sender } = await pair(t);
  sender.destroy();
  assert.doesNotThrow(() => sendFrame(sender, { kind: 'spooled' }));
});

test('M7 half frames of all links together are bounded: the link that holds most ends', async (t) => {
  const pairs = await Promise.all(Array.from({ length: 4 }, () => pair(t)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(60 * 1024 * 1024);
  const half = Buffer.alloc(30 * 1024 * 1024);
  const [first] = pairs;
  assert.ok(first);
  const ended = Promise.race(pairs.map(({ receiver }) => once(receiver, 'close')));
  for (const { sender } of pairs) sender.write(Buffer.concat([GREETING, length, half]));
  await ended;
  const open = pairs.filter(({ receiver }) => !receiver.destroyed);
  assert.equal(open.length, 3);
});

test('M7 a frame that has begun and is never whole ends its link', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { sender, receiver, invalid } = await pair(t);
  sender.write(Buffer.concat([GREETING, Buffer.of(9, 0)]));
  await once(receiver, 'data');
  t.mock.timers.tick(10_000);
  await once(receiver, 'close');
  assert.match(invalid.join(), /not whole/);
});
