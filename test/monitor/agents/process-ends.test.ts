import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { MARKER_TOUCH_MS, markerPath, type ProcessEnd } from '../../../src/link/process-end.ts';
import { ProcessEnds } from '../../../src/monitor/agents/process-ends.ts';
import { ownIdentity } from '../../../src/spool/process-identity.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const me = ownIdentity();
/** The id of a process that has ended, with a start time that no other process has. */
const dead = { ...me, pid: spawnSync(process.execPath, ['-e', '']).pid, start: '1' };
const elsewhere = { ...me, host: 'another-host' };

interface Scene {
  readonly folder: string;
  readonly clock: { nowMs: number };
  readonly logged: readonly string[];
  readonly killed: number[];
  readonly linked: Set<string>;
  /** A monitor that starts and looks for markers. */
  readonly start: () => ProcessEnds;
  /** Leaves the marker of a process. */
  readonly mark: (identity: typeof me, end?: ProcessEnd, seenMs?: number, service?: string) => string;
}

function scene(t: TestContext): Scene {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const folder = temporaryFolder('ends');
  const log = recordingOwnLog();
  const clock = { nowMs: Date.now() };
  const killed: number[] = [];
  const linked = new Set<string>();
  return {
    folder,
    clock,
    logged: log.said,
    killed,
    linked,
    start() {
      const ends = new ProcessEnds({
        folder,
        serviceName: 'shop',
        ownLog: log,
        now: () => clock.nowMs,
        isLinked: (processId) => linked.has(processId),
        onKilled: (pid) => killed.push(pid),
      });
      t.after(() => ends.stop());
      ends.start();
      return ends;
    },
    mark(identity, end, seenMs = clock.nowMs, service = 'shop') {
      const processId = randomUUID();
      mkdirSync(folder, { recursive: true });
      const marker = { service, processId, ...identity, startedAtMs: 0, ...(end && { end }) };
      writeFileSync(markerPath(folder, processId), JSON.stringify(marker));
      utimesSync(markerPath(folder, processId), seenMs / 1000, seenMs / 1000);
      return processId;
    },
  };
}

async function counted(ends: ProcessEnds): Promise<Record<string, number>> {
  const [counts, recent] = await Promise.all(ends.metrics.map(async (row) => row.read()));
  assert.ok(Array.isArray(counts) && typeof recent === 'number');
  const entries = counts.map(({ labels, value }) => [labels['kind'], value] as const);
  return Object.fromEntries([...entries.filter(([, value]) => value > 0), ['recent', recent]]);
}

const markers = (folder: string): number =>
  readdirSync(folder).filter((name) => /^[0-9a-f-]{36}/.test(name)).length;

test('P4 a process that was killed is counted and logged by the next start, once', async (t) => {
  const stage = scene(t);
  stage.mark(dead);
  assert.deepEqual(await counted(stage.start()), { killed: 1, recent: 1 });
  assert.deepEqual(stage.killed, [dead.pid]);
  assert.match(
    stage.logged.join('\n'),
    new RegExp(`^WARNING process ${dead.pid} of shop was killed or crashed`, 'm'),
  );
  assert.equal(markers(stage.folder), 0);
  assert.deepEqual(await counted(stage.start()), { killed: 1, recent: 1 });
  assert.equal(stage.killed.length, 1);
});

test('P4 counts and crashes of the last 15 minutes survive restarts, so that a crash loop is seen', async (t) => {
  const stage = scene(t);
  for (let restart = 1; restart <= 3; restart += 1) {
    stage.mark(dead, { kind: 'exception', code: 1, atMs: stage.clock.nowMs });
    assert.deepEqual(await counted(stage.start()), { exception: restart, recent: restart });
    stage.clock.nowMs += 60_000;
  }
  stage.clock.nowMs += 15 * 60_000;
  assert.deepEqual(await counted(stage.start()), { exception: 3, recent: 0 });
});

test('P4 processes that run, also in another container, and those of another service are left alone', async (t) => {
  const stage = scene(t);
  stage.mark(me);
  stage.mark(elsewhere);
  stage.mark(dead, undefined, undefined, 'another service');
  stage.linked.add(stage.mark(dead));
  assert.deepEqual(await counted(stage.start()), { recent: 0 });
  assert.equal(markers(stage.folder), 4);
});

test('P4 a process id that another process has by now is no sign of life', async (t) => {
  const stage = scene(t);
  stage.mark({ ...me, start: '1' });
  assert.deepEqual(await counted(stage.start()), { killed: 1, recent: 1 });
});

test('P4 a process that cannot be seen from here has ended when it has not touched its marker for two minutes', async (t) => {
  const stage = scene(t);
  stage.mark(elsewhere);
  const ends = stage.start();
  stage.clock.nowMs += 6 * MARKER_TOUCH_MS - 1000;
  t.mock.timers.tick(30_000);
  assert.deepEqual(await counted(ends), { recent: 0 });
  stage.clock.nowMs += 2000;
  t.mock.timers.tick(30_000);
  assert.deepEqual(await counted(ends), { killed: 1, recent: 1 });
});

test('P6 a process killed while it dealt with a signal ended by the signal, one that lived on did not', async (t) => {
  const stage = scene(t);
  const { nowMs } = stage.clock;
  stage.mark(dead, { kind: 'signal', code: 130, atMs: nowMs });
  assert.deepEqual(await counted(stage.start()), { signal: 1, recent: 0 });
  stage.mark(dead, { kind: 'signal', code: 130, atMs: nowMs - 4 * MARKER_TOUCH_MS });
  assert.deepEqual(await counted(stage.start()), { signal: 1, killed: 1, recent: 1 });
});

test('P6 the end that a linked process announced is counted when its link closes, and its marker goes', async (t) => {
  const stage = scene(t);
  const ends = stage.start();
  const processId = stage.mark(me);
  ends.unlinked(
    { kind: 'hello', processId, pid: me.pid },
    { kind: 'exit', code: 0, atMs: stage.clock.nowMs },
  );
  assert.deepEqual(await counted(ends), { exit: 1, recent: 0 });
  assert.equal(existsSync(markerPath(stage.folder, processId)), false);
});

test('P6 a link that closes without that is an end once its process is gone, and none while it runs', async (t) => {
  const stage = scene(t);
  const ends = stage.start();
  const running = stage.mark(me);
  ends.unlinked({ kind: 'hello', processId: running, pid: me.pid }, undefined);
  t.mock.timers.tick(60_000);
  assert.deepEqual(await counted(ends), { recent: 0 });
  const gone = stage.mark(dead);
  ends.unlinked({ kind: 'hello', processId: gone, pid: dead.pid }, undefined);
  t.mock.timers.tick(3000);
  assert.deepEqual(await counted(ends), { killed: 1, recent: 1 });
  ends.unlinked({ kind: 'hello', processId: randomUUID(), pid: 5 }, undefined);
  assert.deepEqual(await counted(ends), { killed: 2, recent: 2 });
});

test('markers and counts that cannot be read cost nothing but themselves', async (t) => {
  const stage = scene(t);
  stage.mark(dead);
  for (const text of ['', '{', 'null', '{"processId":5}', '[]']) {
    writeFileSync(markerPath(stage.folder, randomUUID()), text);
  }
  writeFileSync(`${stage.folder}/ends-shop.json`, '{"counts":{"killed":"many"},"recentMs":5}');
  assert.deepEqual(await counted(stage.start()), { killed: 1, recent: 1 });
});
