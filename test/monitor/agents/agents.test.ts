import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { AgentMessage, MonitorMessage } from '../../../src/link/messages.ts';
import { AgentLink } from '../../../src/monitor/agents/agent-link.ts';
import type { AgentRequests } from '../../../src/monitor/agents/agent-requests.ts';
import { Agents, type AgentsAnswer } from '../../../src/monitor/agents/agents.ts';
import type { KeptTotals } from '../../../src/monitor/agents/totals-file.ts';
import { recordedRequests } from '../../helpers/agent-requests.ts';
import { laterSnapshotOf, metric, type Row, shown, snapshotOf } from '../../helpers/snapshots.ts';

const DEADLINE_MS = 1000;
const requests = metric(0, 'requests_total');
const memory = metric(1, 'memory', 'gauge');

interface Scene {
  readonly agents: Agents;
  readonly asked: AgentRequests;
  readonly events: string[];
  /** The clock that the agents are given, apart from the timers. */
  readonly clock: { nowMs: number };
  /** Lets the time of timers and clock go by. */
  readonly pass: (ms: number) => Promise<void>;
}

function scene(t: TestContext): Scene {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const events: string[] = [];
  const clock = { nowMs: 10_000 };
  const totals = {
    write: (kept: KeptTotals) => {
      events.push(`kept ${kept.processes.size}`);
      return Promise.resolve();
    },
    discard: () => {},
  };
  const agents = new Agents({ now: () => clock.nowMs, deadlineMs: DEADLINE_MS, totals });
  const pass = async (ms: number): Promise<void> => {
    clock.nowMs += ms;
    t.mock.timers.tick(ms);
    await turn();
  };
  return { agents, asked: recordedRequests(events), events, clock, pass };
}

interface FakeProcess {
  readonly sent: MonitorMessage[];
  readonly receive: (message: AgentMessage) => void;
  readonly closed: () => void;
  /** Answers the last request with this many requests counted and this much memory. */
  readonly answer: (count: number, bytes: number, atMs?: number) => void;
}

/** A process of the service on a link of its own; it answers when the test says so. */
function join({ agents, asked }: Scene, processId: string, hello = true): FakeProcess {
  const sent: MonitorMessage[] = [];
  const link = new AgentLink({ send: (message) => sent.push(message) }, agents, asked);
  if (hello) link.receive({ kind: 'hello', processId, pid: 1 });
  let named = false;
  return {
    sent,
    receive: (message) => link.receive(message),
    closed: () => link.closed(),
    answer(count, bytes, atMs = 9000) {
      const rows: Row[] = [
        { metric: requests, numbers: [count] },
        { metric: memory, numbers: [bytes] },
      ];
      const snapshot = named ? laterSnapshotOf(rows, atMs) : snapshotOf(rows, atMs);
      named = true;
      const request = sent.findLast((message) => message.kind === 'collect');
      link.receive({ kind: 'snapshot', request: request?.request ?? 0, snapshot });
    },
  };
}

const collects = ({ sent }: FakeProcess): number => sent.filter(({ kind }) => kind === 'collect').length;
const sums = ({ merged }: AgentsAnswer): Record<string, readonly number[]> => shown(merged.values());

test('all processes are asked, their answers summed, and all are up', async (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  const collecting = stage.agents.collect();
  a.answer(2, 100, 8000);
  b.answer(3, 50, 9000);
  const answer = await collecting;
  assert.deepEqual(sums(answer), { requests_total: [5], memory: [150] });
  assert.deepEqual([answer.linked, answer.up, answer.oldestMs], [2, 2, 8000]);
  assert.deepEqual(stage.events, ['kept 2']);
});

test('with no process at all the answer is empty and at once', async (t) => {
  const answer = await scene(t).agents.collect();
  assert.deepEqual(sums(answer), {});
  assert.deepEqual([answer.linked, answer.up, answer.oldestMs], [0, 0, 10_000]);
});

test('a process whose event loop is blocked keeps its last values and is not up', async (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  const first = stage.agents.collect();
  a.answer(2, 100);
  b.answer(3, 50);
  await first;
  await stage.pass(5000);

  const second = stage.agents.collect();
  a.answer(4, 110, 14_000);
  await stage.pass(DEADLINE_MS);
  const answer = await second;
  assert.deepEqual(sums(answer), { requests_total: [7], memory: [160] });
  assert.deepEqual([answer.linked, answer.up], [2, 1]);
  assert.equal(answer.oldestMs, 9000);
});

test('the answer waits for the slowest process until the deadline and no longer', async (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  let done = false;
  const collecting = stage.agents.collect().then((answer) => {
    done = true;
    return answer;
  });
  a.answer(1, 1);
  await stage.pass(DEADLINE_MS - 1);
  assert.equal(done, false);
  await stage.pass(1);
  assert.equal(done, true);
  assert.equal((await collecting).up, 1);
  assert.equal(collects(b), 1);
});

test('an answer that comes late counts in the next collection, and the process is up again once it is in time', async (t) => {
  const stage = scene(t);
  const a = join(stage, 'a');
  const first = stage.agents.collect();
  await stage.pass(DEADLINE_MS);
  assert.equal((await first).up, 0);
  a.answer(6, 60);

  const second = stage.agents.collect();
  await stage.pass(DEADLINE_MS);
  const late = await second;
  assert.deepEqual(sums(late), { requests_total: [6], memory: [60] });
  assert.equal(late.up, 0);

  await stage.pass(1000);
  const third = stage.agents.collect();
  a.answer(7, 70);
  assert.equal((await third).up, 1);
});

test('readers of one tick share one collection, also while it is under way', async (t) => {
  const stage = scene(t);
  const a = join(stage, 'a');
  const under = [stage.agents.collect(), stage.agents.collect()];
  await stage.pass(500);
  under.push(stage.agents.collect());
  assert.equal(collects(a), 1);
  a.answer(1, 1);
  const [x, y, z] = await Promise.all(under);
  assert.equal(x, y);
  assert.equal(y, z);

  await stage.pass(1000);
  const fresh = stage.agents.collect();
  assert.equal(collects(a), 2);
  a.answer(2, 1);
  const one = await fresh;
  await stage.pass(99);
  assert.equal(await stage.agents.collect(), one);
  await stage.pass(1);
  void stage.agents.collect();
  assert.equal(collects(a), 3);
});

test('a process that ends while it is asked is not waited for', async (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  const collecting = stage.agents.collect();
  a.answer(2, 100);
  b.closed();
  const answer = await collecting;
  assert.deepEqual([answer.linked, answer.up], [1, 1]);
});

test('what a process counted stays when it ends; its memory is free again', async (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  const first = stage.agents.collect();
  a.answer(2, 100);
  b.answer(3, 50);
  await first;
  b.closed();
  b.closed();
  await stage.pass(1000);
  const second = stage.agents.collect();
  a.answer(4, 100);
  assert.deepEqual(sums(await second), { requests_total: [7], memory: [100] });
});

test('a process whose link broke and came back counts once, not twice', async (t) => {
  const stage = scene(t);
  const a = join(stage, 'a');
  const first = stage.agents.collect();
  a.answer(10, 100);
  await first;
  a.closed();
  await stage.pass(1000);
  assert.deepEqual(sums(await stage.agents.collect()), { requests_total: [10] });

  const again = join(stage, 'a');
  await stage.pass(1000);
  const third = stage.agents.collect();
  again.answer(12, 100);
  assert.deepEqual(sums(await third), { requests_total: [12], memory: [100] });
});

test('the totals of thousands of processes that ended are one sum, not thousands', async (t) => {
  const stage = scene(t);
  for (let at = 0; at < 3000; at += 1) {
    const each = join(stage, `p${at}`);
    each.answer(1, 1);
    each.closed();
    stage.clock.nowMs += 1000;
  }
  assert.deepEqual(sums(await stage.agents.collect()), { requests_total: [3000] });
  const kept = stage.agents.totals();
  assert.ok(kept && kept.processes.size < 100, `${kept?.processes.size} processes`);
  assert.equal(stage.agents.size, 0);
});

test('what a next leader has to know gives it the same sums, whoever links again', async (t) => {
  const old = scene(t);
  const [a, b, c] = [join(old, 'a'), join(old, 'b'), join(old, 'c')];
  const collecting = old.agents.collect();
  a.answer(1, 10);
  b.answer(2, 20);
  c.answer(4, 40);
  await collecting;
  c.closed();
  const kept = old.agents.totals();
  assert.ok(kept);
  t.mock.timers.reset();

  const next = scene(t);
  next.agents.restore(structuredClone(kept));
  assert.deepEqual(sums(await next.agents.collect()), { requests_total: [7] });
  const again = join(next, 'b');
  await next.pass(1000);
  const after = next.agents.collect();
  again.answer(5, 25);
  assert.deepEqual(sums(await after), { requests_total: [10], memory: [25] });
});

test('a process that was alone leaves nothing for a next leader', async (t) => {
  const stage = scene(t);
  const a = join(stage, 'a');
  const collecting = stage.agents.collect();
  a.answer(1, 1);
  await collecting;
  assert.equal(stage.agents.totals(), undefined);
});

test('a process that drains with its thread blocked is not asked any more and keeps its last totals', async (t) => {
  const stage = scene(t);
  const a = join(stage, 'a');
  a.answer(3, 30);
  const done = new SharedArrayBuffer(4);
  a.receive({ kind: 'drain', request: 1, deadlineMs: 500, done });
  await turn();
  assert.deepEqual(stage.events, ['drain 500']);
  assert.equal(new Int32Array(done)[0], 1);
  assert.deepEqual(a.sent, [{ kind: 'drained', request: 1 }]);

  const answer = await stage.agents.collect();
  assert.equal(collects(a), 0);
  assert.deepEqual(sums(answer), { requests_total: [3], memory: [30] });
});

test('a process that drains without blocking goes on being asked', async (t) => {
  const stage = scene(t);
  const a = join(stage, 'a');
  a.receive({ kind: 'drain', request: 9, deadlineMs: 2000 });
  await turn();
  assert.deepEqual(a.sent, [{ kind: 'drained', request: 9 }]);
  const collecting = stage.agents.collect();
  a.answer(1, 1);
  assert.equal((await collecting).up, 1);
});

test('small messages reach those who wait for them', (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b', false)];
  a.receive({ kind: 'spooled' });
  b.receive({ kind: 'sample-host' });
  assert.deepEqual(stage.events, ['spooled', 'sample-host']);
  stage.agents.broadcast({ kind: 'collector', reachable: false });
  assert.deepEqual(
    [a.sent, b.sent],
    [[{ kind: 'collector', reachable: false }], [{ kind: 'collector', reachable: false }]],
  );
});

test('a process is unlinked with the end that it announced last, or without one, and once', async (t) => {
  const stage = scene(t);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  a.receive({ kind: 'end', end: { kind: 'signal', code: 143, atMs: 1 } });
  a.receive({ kind: 'end', end: { kind: 'failure', code: 3, atMs: 2 } });
  a.closed();
  b.closed();
  b.closed();
  assert.deepEqual(stage.events, ['a ended: failure 3', 'b ended: without a message']);
  assert.equal((await stage.agents.collect()).linked, 0);
});

test('P3 what holds for all processes is sent to those that link later as well, the last of its kind', (t) => {
  const stage = scene(t);
  stage.agents.broadcast({ kind: 'collector', reachable: true });
  stage.agents.broadcast({ kind: 'collector', reachable: false });
  stage.agents.broadcast({ kind: 'ready', metricsUrl: 'http://127.0.0.1:9464' });
  const a = join(stage, 'a');
  assert.deepEqual(a.sent, [
    { kind: 'collector', reachable: false },
    { kind: 'ready', metricsUrl: 'http://127.0.0.1:9464' },
  ]);
});

test('what one process is to do waits for the first that is linked, and is done by one only', (t) => {
  const stage = scene(t);
  const killed = { kind: 'process-killed', pid: 17, atMs: 1 } as const;
  stage.agents.sendToOne(killed);
  const [a, b] = [join(stage, 'a'), join(stage, 'b')];
  assert.deepEqual([a.sent, b.sent], [[killed], []]);
  stage.agents.sendToOne(killed);
  assert.deepEqual([a.sent, b.sent], [[killed, killed], []]);
});

test('a link without a hello is no process: neither asked, nor counted, nor missed', async (t) => {
  const stage = scene(t);
  const [a, stranger] = [join(stage, 'a'), join(stage, 'x', false)];
  const collecting = stage.agents.collect();
  a.answer(1, 1);
  const answer = await collecting;
  assert.deepEqual([answer.linked, answer.up, collects(stranger)], [1, 1, 0]);
  stranger.closed();
  assert.deepEqual(stage.events, []);
});

test('the command line may ask for the rules to be loaded again, a separate monitor that this one steps down', async (t) => {
  const stage = scene(t);
  const [cli, monitor] = [join(stage, 'x', false), join(stage, 'y', false)];
  cli.receive({ kind: 'reload' });
  await turn();
  assert.deepEqual(cli.sent, [{ kind: 'reloaded', ok: true }]);
  monitor.receive({ kind: 'step-down' });
  assert.deepEqual(stage.events, ['step-down']);
  assert.equal(stage.agents.size, 0);
});

test('the command line asks about silences, gets the answer, and is no process of the service', async (t) => {
  const stage = scene(t);
  const cli = join(stage, 'cli', false);
  cli.receive({ kind: 'silence', request: { do: 'list' } });
  await turn();
  assert.deepEqual(cli.sent, [{ kind: 'silenced', answer: { ok: true, silences: [] } }]);
  assert.deepEqual(stage.events, ['silence list']);
  assert.equal(stage.agents.size, 0);
});
