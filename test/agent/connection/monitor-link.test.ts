import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { MonitorLink } from '../../../src/agent/connection/monitor-link.ts';
import { receiveFrames, sendFrame } from '../../../src/link/frames.ts';
import type { AgentMessage, MonitorMessage, MonitorStart } from '../../../src/link/messages.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';

const stub = join(import.meta.dirname, 'programs', 'monitor-stub.cjs');
const hello = { kind: 'hello', processId: 'p-1', pid: 1 } as const;

type Seen = Record<string, unknown> & { readonly kind: string };

/** Hands out what arrives, in its order, waiting where nothing has arrived yet. */
class Arrivals<T> {
  readonly #waiting: ((item: T) => void)[] = [];
  readonly #items: T[] = [];

  take(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(item);
    else this.#items.push(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }
}

interface Scene {
  readonly link: MonitorLink;
  readonly messages: Arrivals<Seen>;
  readonly open: () => void;
  readonly opens: () => number;
  /** Called when the link is lost. */
  readonly lost: (() => void)[];
  readonly logged: readonly string[];
  /** Sends to the monitor whatever a stub understands. */
  readonly send: (message: unknown) => void;
}

function socketPathFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ml-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 's.sock');
}

function scene(t: TestContext, socketPath?: string, lockPath?: string): Scene {
  const messages = new Arrivals<Seen>();
  const log = recordingOwnLog();
  let opens = 0;
  const lost: (() => void)[] = [];
  const meetingPoint = socketPath === undefined ? undefined : { socketPath, lockPath };
  const link = new MonitorLink({
    monitorFile: stub,
    start: { serviceName: 'shop', meetingPoint } as unknown as Omit<MonitorStart, 'takeover'>,
    hello,
    env: {},
    maxMemoryMb: 64,
    ownLog: log,
  });
  t.after(() => link.close());
  return {
    link,
    messages,
    open: () =>
      link.open({
        opened: () => (opens += 1),
        received: (message) => messages.take(message),
        lost: () => lost.forEach((call) => call()),
      }),
    opens: () => opens,
    lost,
    logged: log.said,
    send: (message) => link.post(message as AgentMessage),
  };
}

interface Leader {
  readonly server: Server;
  readonly sockets: Arrivals<Socket>;
  readonly received: Arrivals<Seen>;
}

/** Another process of the service that leads. */
async function leaderAt(t: TestContext, socketPath: string): Promise<Leader> {
  const sockets = new Arrivals<Socket>();
  const received = new Arrivals<Seen>();
  const open: Socket[] = [];
  const server = createServer((socket) => {
    open.push(socket);
    socket.on('error', () => {});
    receiveFrames(socket, (message) => received.take(message as Seen));
    sockets.take(socket);
  });
  t.after(() => {
    open.forEach((socket) => socket.destroy());
    server.close();
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return { server, sockets, received };
}

const startedWith = async ({ messages }: Scene): Promise<Record<string, unknown>> => {
  const { kind, workerData } = await messages.next();
  assert.equal(kind, 'started');
  return workerData as Record<string, unknown>;
};

test('without a meeting point the process has a monitor of its own', async (t) => {
  const stage = scene(t);
  stage.open();
  const { takeover, meetingPoint } = await startedWith(stage);
  assert.deepEqual([takeover, meetingPoint], [false, undefined]);
  assert.equal(stage.link.isFollower, false);
  await stage.link.opened;
  assert.deepEqual((await stage.messages.next())['message'], hello);
  assert.equal(stage.opens(), 1);
});

test('where nobody leads the process starts a monitor, which will ask to lead', async (t) => {
  const socketPath = socketPathFor(t);
  const stage = scene(t, socketPath);
  stage.open();
  const { takeover, meetingPoint } = await startedWith(stage);
  assert.deepEqual([takeover, meetingPoint], [false, { socketPath, lockPath: undefined }]);
});

test('where somebody leads the process follows: hello first, then messages both ways', async (t) => {
  const socketPath = socketPathFor(t);
  const leader = await leaderAt(t, socketPath);
  const { link, messages, open, opens } = scene(t, socketPath);
  open();
  await link.opened;
  assert.equal(link.isFollower, true);
  assert.deepEqual(await leader.received.next(), hello);
  link.post({ kind: 'spooled' });
  assert.deepEqual(await leader.received.next(), { kind: 'spooled' });
  const message: MonitorMessage = { kind: 'collect', request: 7 };
  sendFrame(await leader.sockets.next(), message);
  assert.deepEqual(await messages.next(), message);
  assert.equal(opens(), 1);
});

test('when the leader dies the process starts a monitor that takes over', async (t) => {
  const socketPath = socketPathFor(t);
  const leader = await leaderAt(t, socketPath);
  const stage = scene(t, socketPath);
  stage.open();
  const socket = await leader.sockets.next();
  await leader.received.next();
  leader.server.close();
  socket.destroy();
  const { takeover } = await startedWith(stage);
  assert.equal(takeover, true);
  assert.equal(stage.link.isFollower, false);
  assert.deepEqual((await stage.messages.next())['message'], hello);
  assert.equal(stage.opens(), 2);
});

test('a monitor that finds another leader ends, and its process follows the other', async (t) => {
  const socketPath = socketPathFor(t);
  const stage = scene(t, socketPath);
  stage.open();
  await startedWith(stage);
  await stage.messages.next();
  const leader = await leaderAt(t, socketPath);
  stage.send({ kind: 'answer', message: { kind: 'not-leader', steppedDown: false } });
  assert.deepEqual(await leader.received.next(), hello);
  assert.equal(stage.link.isFollower, true);
  assert.deepEqual(stage.logged, []);
});

test('a leader that sends garbage is left', async (t) => {
  const socketPath = socketPathFor(t);
  const leader = await leaderAt(t, socketPath);
  const stage = scene(t, socketPath);
  stage.open();
  const socket = await leader.sockets.next();
  await leader.received.next();
  leader.server.close();
  socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  const { takeover } = await startedWith(stage);
  assert.equal(takeover, true);
});

test('an end that comes before the link is there gets a monitor of its own, which asks nobody', async (t) => {
  const socketPath = socketPathFor(t);
  const leader = await leaderAt(t, socketPath);
  const stage = scene(t, socketPath);
  stage.open();
  stage.link.openNow();
  stage.link.openNow();
  const { meetingPoint } = await startedWith(stage);
  assert.equal(meetingPoint, undefined);
  assert.equal(stage.link.isFollower, false);
  const socket = await leader.sockets.next();
  if (!socket.closed) await once(socket, 'close');
  assert.equal(stage.opens(), 1);
});

test('P3 a monitor that dies is known to be lost until the next one is there', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stage = scene(t);
  assert.equal(stage.link.isLost, false);
  stage.open();
  await startedWith(stage);
  assert.deepEqual([stage.link.hasThread, stage.link.isLost], [true, false]);
  const died = new Promise<void>((resolve) => void stage.lost.push(resolve));
  stage.send({ kind: 'exit' });
  await died;
  assert.equal(stage.link.deaths, 1);
  assert.deepEqual([stage.link.hasThread, stage.link.isLost], [false, true]);
  t.mock.timers.tick(1000);
  assert.deepEqual([stage.link.hasThread, stage.link.isLost], [true, false]);
});

test('what is posted while there is no monitor is dropped without an error', async (t) => {
  const stage = scene(t, socketPathFor(t));
  assert.doesNotThrow(() => stage.link.post({ kind: 'spooled' }));
  stage.open();
  await startedWith(stage);
  assert.deepEqual((await stage.messages.next())['message'], hello);
});

test('after closing the link stays closed, whoever leads', async (t) => {
  const socketPath = socketPathFor(t);
  const leader = await leaderAt(t, socketPath);
  const { link, open, opens } = scene(t, socketPath);
  open();
  const socket = await leader.sockets.next();
  await link.close();
  if (!socket.closed) await once(socket, 'close');
  open();
  link.openNow();
  assert.equal(link.isFollower, false);
  assert.ok(opens() <= 1);
});

test(
  'P5 of processes that start at once only one starts a monitor; the others follow it once it is there',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const socketPath = socketPathFor(t);
    const lockPath = `\0monitoring-turn-${process.pid}`;
    const scenes = Array.from({ length: 4 }, () => scene(t, socketPath, lockPath));
    for (const { open } of scenes) open();
    await Promise.race(scenes.map(({ link }) => link.opened));
    assert.equal(scenes.filter(({ link }) => link.hasThread).length, 1);
    await leaderAt(t, socketPath);
    await Promise.all(scenes.map(({ link }) => link.opened));
    assert.equal(scenes.filter(({ link }) => link.hasThread).length, 1);
    assert.equal(scenes.filter(({ link }) => link.isFollower).length, 3);
  },
);
