import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { MeetingPoint } from '../../../src/link/meeting-point.ts';
import { elect, type Election } from '../../../src/monitor/election/election.ts';

const linux = process.platform === 'linux';
let points = 0;

/** A meeting point of its own in a temporary folder; with an abstract lock, or without one as on macOS. */
function meetingPoint(t: TestContext, withLock = linux): MeetingPoint {
  const folder = mkdtempSync(join(tmpdir(), 'el-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  points += 1;
  return {
    socketPath: join(folder, 's.sock'),
    lockPath: withLock ? `\0monitoring-test-${process.pid}-${points}` : undefined,
  };
}

function release(election: Election): void {
  if (election.kind === 'leader') election.release();
}

async function run(
  t: TestContext,
  point: MeetingPoint,
  onSocket: (socket: Socket) => void = () => {},
): Promise<Election> {
  const election = await elect(point, onSocket);
  t.after(() => release(election));
  return election;
}

/** A dead leader's socket file: its process was killed and could not remove it. */
async function leaveStaleSocket(path: string): Promise<void> {
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.send('up'))`;
  const child = fork('-e', [program], { execArgv: [] });
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(existsSync(path));
}

for (const withLock of linux ? [true, false] : [false]) {
  const how = withLock ? 'with a lock' : 'by the socket file alone';

  test(`the first to ask leads, the next follows and reaches it, ${how}`, async (t) => {
    const point = meetingPoint(t, withLock);
    const { promise: reached, resolve } = Promise.withResolvers<Socket>();
    assert.equal((await run(t, point, resolve)).kind, 'leader');
    assert.equal((await run(t, point)).kind, 'follower');
    const socket = connect(point.socketPath);
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    const met = await reached;
    met.destroy();
  });

  test(`once the leader has let go another leads, ${how}`, async (t) => {
    const point = meetingPoint(t, withLock);
    const first = await run(t, point);
    assert.equal((await run(t, point)).kind, 'follower');
    assert.equal(first.kind, 'leader');
    first.release();
    await once(first.server, 'close');
    assert.equal((await run(t, point)).kind, 'leader');
  });

  test(`the socket file of a leader that was killed is replaced, ${how}`, async (t) => {
    const point = meetingPoint(t, withLock);
    await leaveStaleSocket(point.socketPath);
    assert.equal((await run(t, point)).kind, 'leader');
    const socket = connect(point.socketPath);
    await once(socket, 'connect');
    socket.destroy();
  });

  test(`an ordinary file at the path is replaced like a stale socket, ${how}`, async (t) => {
    const point = meetingPoint(t, withLock);
    writeFileSync(point.socketPath, '');
    assert.equal((await run(t, point)).kind, 'leader');
  });

  test(`a meeting point that cannot be used is an error, not a follower for ever, ${how}`, async (t) => {
    const { lockPath } = meetingPoint(t, withLock);
    const socketPath = join(tmpdir(), 'no-such-folder', 'deeper', 's.sock');
    await assert.rejects(
      elect({ socketPath, lockPath }, () => {}),
      { code: /ENOENT|EACCES/ },
    );
    // The lock of the failed try is free again.
    const good = meetingPoint(t, withLock);
    assert.equal((await run(t, { ...good, lockPath })).kind, 'leader');
  });
}

test(
  'P8 a lock that a stranger holds is left to it: the next name elects one leader, and it is reported once',
  { skip: !linux },
  async (t) => {
    const point = meetingPoint(t, true);
    const stranger = createServer();
    t.after(() => stranger.close());
    stranger.listen(point.lockPath);
    await once(stranger, 'listening');
    const strangers: string[] = [];
    const elections = await Promise.all(
      Array.from({ length: 4 }, () =>
        elect(
          point,
          () => {},
          (lock) => strangers.push(lock),
        ),
      ),
    );
    elections.forEach((election) => t.after(() => release(election)));
    assert.deepEqual(elections.map(({ kind }) => kind).toSorted(), [
      'follower',
      'follower',
      'follower',
      'leader',
    ]);
    assert.deepEqual(new Set(strangers), new Set([point.lockPath]));
  },
);

test('P8 a folder that the last process has removed is made again', { skip: !linux }, async (t) => {
  const point = meetingPoint(t, true);
  rmSync(dirname(point.socketPath), { recursive: true });
  assert.equal((await run(t, point)).kind, 'leader');
});

test(
  'of six that ask at the same time exactly one leads, thirty times, half of them over a stale socket',
  { skip: !linux },
  async (t) => {
    for (let round = 0; round < 30; round += 1) {
      const point = meetingPoint(t, true);
      if (round % 2 === 0) writeFileSync(point.socketPath, '');
      const elections = await Promise.all(Array.from({ length: 6 }, () => elect(point, () => {})));
      const leaders = elections.filter(({ kind }) => kind === 'leader');
      elections.forEach(release);
      assert.equal(leaders.length, 1, `round ${round}`);
    }
  },
);

test(
  'of processes that start at the same time over a stale socket exactly one leads, and the others reach it',
  { skip: !linux },
  async (t) => {
    const program = join(import.meta.dirname, 'programs', 'elect.ts');
    for (let round = 0; round < 10; round += 1) {
      const point = meetingPoint(t, true);
      await leaveStaleSocket(point.socketPath);
      const children = Array.from({ length: 3 }, () =>
        fork(program, [point.socketPath, point.lockPath?.slice(1) ?? '']),
      );
      await Promise.all(children.map((child) => once(child, 'message')));
      const results = children.map((child) => once(child, 'message') as Promise<[string]>);
      for (const child of children) child.send('go');
      const kinds = (await Promise.all(results)).map(([kind]) => kind);
      const socket = connect(point.socketPath);
      await once(socket, 'connect');
      socket.destroy();
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => once(child, 'exit')));
      assert.deepEqual(kinds.toSorted(), ['follower', 'follower', 'leader'], `round ${round}`);
    }
  },
);

test(
  'a cluster worker leads by itself: its primary shares no socket among its workers',
  { skip: !linux },
  async (t) => {
    const program = join(import.meta.dirname, 'programs', 'elect-in-cluster.ts');
    const point = meetingPoint(t, true);
    const child = fork(program, [point.socketPath, point.lockPath?.slice(1) ?? '']);
    const [kinds] = (await once(child, 'message')) as [string[]];
    await once(child, 'exit');
    assert.deepEqual(kinds.toSorted(), ['follower', 'leader']);
  },
);

test('on a pipe of Windows, where lock and socket are one, the leader serves it', async (t) => {
  const { socketPath } = meetingPoint(t);
  const point = { socketPath, lockPath: socketPath };
  const { promise: reached, resolve } = Promise.withResolvers<Socket>();
  assert.equal((await run(t, point, resolve)).kind, 'leader');
  assert.equal((await run(t, point)).kind, 'follower');
  const socket = connect(socketPath);
  t.after(() => socket.destroy());
  (await reached).destroy();
});

test('who connects to the lock instead of the socket is turned away', { skip: !linux }, async (t) => {
  const point = meetingPoint(t, true);
  await run(t, point);
  const socket = connect(point.lockPath ?? '');
  await once(socket, 'close');
  assert.ok(socket.destroyed);
});

test('a lock whose holder is about to have its socket makes a follower', { skip: !linux }, async (t) => {
  const point = meetingPoint(t, true);
  const lock = createServer();
  lock.listen(point.lockPath);
  await once(lock, 'listening');
  t.after(() => lock.close());
  const running = run(t, point);
  const leader = createServer((socket) => socket.destroy());
  t.after(() => leader.close());
  leader.listen(point.socketPath);
  assert.equal((await running).kind, 'follower');
});
