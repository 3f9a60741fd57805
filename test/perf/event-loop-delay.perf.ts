import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runtimeSource } from '../../src/sources/runtime.ts';
import { type CollectedMetrics, collectedMetrics } from '../helpers/collected-metrics.ts';
import { sourcesOf } from '../helpers/observed-source.ts';

function observed(t: TestContext): CollectedMetrics {
  const collected = collectedMetrics();
  sourcesOf(t, collected, [runtimeSource]).start();
  return collected;
}

async function valuesOf({ read }: CollectedMetrics): Promise<Record<string, number>> {
  const metrics = await read();
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [descriptor.name, Number(dataPoints[0]?.value)]),
  );
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Delays as shown by a collection: their mean and their 99th percentile, in seconds. */
async function delaysOf(collected: CollectedMetrics): Promise<readonly [mean: number, p99: number]> {
  const values = await valuesOf(collected);
  return [values['nodejs_eventloop_lag_seconds'] ?? -1, values['nodejs_eventloop_lag_p99_seconds'] ?? -1];
}

test('a blocked event loop shows in its delay, whenever it was blocked and whenever it is asked', async (t) => {
  const collected = observed(t);
  for (const [beforeMs, afterMs] of [
    [120, 120],
    [120, 0],
    [0, 120],
    [0, 0],
  ] as const) {
    await delaysOf(collected);
    if (beforeMs > 0) await delay(beforeMs);
    block(400);
    if (afterMs > 0) await delay(afterMs);
    const [mean, p99] = await delaysOf(collected);
    const where = `blocked ${beforeMs} ms after a collection, asked ${afterMs} ms later: ${mean}, ${p99}`;
    assert.ok(p99 > 0.25 && p99 < 5, where);
    assert.ok(mean > 0.02 && mean <= p99, where);
  }
});

test('a delay that was shown once is not shown again', async (t) => {
  const collected = observed(t);
  block(1000);
  const [, blocked] = await delaysOf(collected);
  await delay(120);
  const [, after] = await delaysOf(collected);
  assert.ok(after < blocked, `${after} after ${blocked}`);
});
