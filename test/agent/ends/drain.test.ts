import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Drain } from '../../../src/agent/ends/drain.ts';
import type { Collection } from '../../../src/agent/collection/collection.ts';
import type { MonitorLink } from '../../../src/agent/connection/monitor-link.ts';
import type { AgentMessage } from '../../../src/link/messages.ts';

interface Scene {
  readonly drain: Drain;
  /** What was done over the link, in its order. */
  readonly steps: string[];
  readonly sent: AgentMessage[];
  readonly open: () => void;
}

function scene(
  options: {
    ships?: boolean;
    follower?: boolean;
    lost?: boolean;
    answer?: (message: AgentMessage) => void;
  } = {},
): Scene {
  const { ships = true, follower = false, lost = false, answer } = options;
  const steps: string[] = [];
  const sent: AgentMessage[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const link: Pick<MonitorLink, 'isFollower' | 'hasThread' | 'isLost' | 'opened' | 'openNow' | 'post'> = {
    isFollower: follower,
    hasThread: !follower && !lost,
    isLost: lost,
    opened,
    openNow: () => steps.push('open now'),
    post: (message) => {
      steps.push(message.kind);
      sent.push(message);
      answer?.(message);
    },
  };
  const collection: Pick<Collection, 'postTotals'> = {
    postTotals: () => {
      steps.push('totals');
      return Promise.resolve();
    },
  };
  const drain = new Drain(link as MonitorLink, collection as Collection, ships);
  return { drain, steps, sent, open };
}

test('without blocking: last totals first, then the request, and the answer ends the waiting', async () => {
  const { drain, steps, sent, open } = scene();
  open();
  let done = false;
  const draining = drain.async(2000).then(() => {
    done = true;
  });
  await turn();
  assert.deepEqual(steps, ['totals', 'drain']);
  assert.equal(done, false);
  const [message] = sent;
  assert.ok(message?.kind === 'drain' && message.deadlineMs === 2000 && message.done === undefined);
  drain.drained(message.request + 1);
  await turn();
  assert.equal(done, false);
  drain.drained(message.request);
  await draining;
});

test('an end that comes before the link is open waits for it', async () => {
  const { drain, steps, sent, open } = scene();
  const draining = drain.async(2000);
  await turn();
  assert.deepEqual(steps, []);
  open();
  await turn();
  assert.deepEqual(steps, ['totals', 'drain']);
  drain.drained(sent[0]?.kind === 'drain' ? sent[0].request : -1);
  await draining;
});

function mockTimers(t: TestContext): (ms: number) => Promise<void> {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  return async (ms) => {
    t.mock.timers.tick(ms);
    await turn();
  };
}

test('nobody waits beyond the deadline, with a link or without one', async (t) => {
  const pass = mockTimers(t);
  for (const opens of [true, false]) {
    const { drain, open } = scene();
    if (opens) open();
    let done = false;
    const draining = drain.async(2000).then(() => {
      done = true;
    });
    await pass(1999);
    assert.equal(done, false);
    await pass(1);
    await draining;
    assert.equal(done, true);
  }
});

test('of two drains at once each ends with its own answer', async () => {
  const { drain, sent, open } = scene();
  open();
  const order: string[] = [];
  const first = drain.async(2000).then(() => order.push('first'));
  const second = drain.async(2000).then(() => order.push('second'));
  await turn();
  const requests = sent.map((message) => (message.kind === 'drain' ? message.request : -1));
  assert.notEqual(requests[0], requests[1]);
  drain.drained(requests[1] ?? -1);
  await second;
  drain.drained(requests[0] ?? -1);
  await first;
  assert.deepEqual(order, ['second', 'first']);
});

test('while the collector is away, or nothing is shipped at all, nothing is waited for', async () => {
  const away = scene();
  away.drain.collector(false);
  await away.drain.async(60_000);
  away.drain.sync(60_000);
  assert.deepEqual(away.steps, []);
  const never = scene({ ships: false });
  await never.drain.async(60_000);
  never.drain.sync(60_000);
  assert.deepEqual(never.steps, []);
});

test('P3 a collector that goes away, or a monitor that dies, ends the waiting', async () => {
  for (const what of ['collector', 'monitor'] as const) {
    const { drain, open } = scene();
    open();
    const draining = drain.async(2 ** 30);
    await turn();
    if (what === 'collector') drain.collector(false);
    else drain.monitorLost();
    await draining;
  }
});

test('P3 with a dead monitor nothing is waited for', async () => {
  const { drain, steps } = scene({ lost: true });
  await drain.async(2 ** 30);
  drain.sync(2 ** 30);
  assert.deepEqual(steps, ['open now']);
});

test('P3 a collector that is back is waited for again', async () => {
  const { drain, steps, sent, open } = scene();
  open();
  drain.collector(false);
  drain.collector(true);
  const draining = drain.async(2 ** 30);
  await turn();
  assert.deepEqual(steps, ['totals', 'drain']);
  drain.drained(sent[0]?.kind === 'drain' ? sent[0].request : -1);
  await draining;
});

test('blocked: the monitor wakes the thread, which waits no longer than that', async (t) => {
  const worker = new Worker(
    `require('node:worker_threads').parentPort.on('message', ({ done }) => {
       const flag = new Int32Array(done);
       Atomics.store(flag, 0, 1);
       Atomics.notify(flag, 0);
     });`,
    { eval: true },
  );
  t.after(() => worker.terminate());
  await new Promise((online) => worker.once('online', online));
  const { drain, steps, sent } = scene({ answer: (message) => worker.postMessage(message) });
  const startedMs = performance.now();
  drain.sync(30_000);
  assert.ok(performance.now() - startedMs < 30_000, 'the answer ended it, not the deadline');
  assert.deepEqual(steps, ['open now', 'drain']);
  const [message] = sent;
  assert.ok(message?.kind === 'drain' && message.done);
  assert.equal(new Int32Array(message.done)[0], 1);
});

test('blocked: without an answer the deadline ends the waiting', () => {
  const { drain } = scene();
  const startedMs = performance.now();
  drain.sync(50);
  assert.ok(performance.now() - startedMs >= 45);
});

test('a follower does not block: the leader lives on and ships what it leaves', () => {
  const { drain, steps } = scene({ follower: true });
  drain.sync(60_000);
  assert.deepEqual(steps, []);
});
