import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { runtimeSource } from '../../src/sources/runtime.ts';
import { type CollectedMetrics, collectedMetrics } from '../helpers/collected-metrics.ts';

function observed(t: TestContext): CollectedMetrics {
  const collected = collectedMetrics();
  const source = runtimeSource(collected.recorder, collected.meter);
  t.after(() => source.stop());
  return collected;
}

async function valuesOf({ read }: CollectedMetrics): Promise<Record<string, number>> {
  const metrics = await read();
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [descriptor.name, Number(dataPoints[0]?.value)]),
  );
}

test('the state of the process has the names that common dashboards use', async (t) => {
  const collected = observed(t);
  const metrics = await collected.read();
  assert.deepEqual(metrics.map(({ descriptor }) => descriptor.name).toSorted(), [
    'nodejs_active_resources',
    'nodejs_eventloop_lag_p99_seconds',
    'nodejs_eventloop_lag_seconds',
    'nodejs_eventloop_utilization_ratio',
    'nodejs_external_memory_bytes',
    'nodejs_heap_size_total_bytes',
    'nodejs_heap_size_used_bytes',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'process_start_time_seconds',
  ]);
  for (const { descriptor, dataPointType } of metrics) {
    const isCounter = descriptor.name === 'process_cpu_seconds_total';
    assert.equal(dataPointType, isCounter ? DataPointType.SUM : DataPointType.GAUGE, descriptor.name);
    assert.ok(descriptor.description.endsWith('.'), descriptor.name);
  }
});

test('values are those of this process, in seconds and bytes', async (t) => {
  const values = await valuesOf(observed(t));
  const near = (name: string, expected: number, part: number): void => {
    const value = values[name] ?? Number.NaN;
    assert.ok(Math.abs(value - expected) <= expected * part, `${name}: ${value}, expected about ${expected}`);
  };
  const cpu = process.cpuUsage();
  near('process_cpu_seconds_total', (cpu.user + cpu.system) / 1e6, 0.2);
  near('process_resident_memory_bytes', process.memoryUsage.rss(), 0.3);
  near('nodejs_heap_size_used_bytes', process.memoryUsage().heapUsed, 0.5);
  near('process_start_time_seconds', Date.now() / 1000 - process.uptime(), 0.001);
  const utilization = values['nodejs_eventloop_utilization_ratio'] ?? -1;
  assert.ok(utilization >= 0 && utilization <= 1, String(utilization));
});

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

test('right after a collection there is no delay to tell of, and none is made up', async (t) => {
  const collected = observed(t);
  await valuesOf(collected);
  const values = await valuesOf(collected);
  assert.equal(values['nodejs_eventloop_lag_seconds'], 0);
  assert.equal(values['nodejs_eventloop_lag_p99_seconds'], 0);
});
