import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { DataPointType } from '@opentelemetry/sdk-metrics';
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
  const cpuSeconds = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
  const cpuBefore = cpuSeconds();
  const values = await valuesOf(observed(t));
  const near = (name: string, expected: number, part: number): void => {
    const value = values[name] ?? Number.NaN;
    assert.ok(Math.abs(value - expected) <= expected * part, `${name}: ${value}, expected about ${expected}`);
  };
  const cpu = values['process_cpu_seconds_total'] ?? Number.NaN;
  assert.ok(cpu >= cpuBefore && cpu <= cpuSeconds(), `${cpuBefore}, ${cpu}, ${cpuSeconds()}`);
  near('process_resident_memory_bytes', process.memoryUsage.rss(), 0.5);
  near('nodejs_heap_size_total_bytes', process.memoryUsage().heapTotal, 0.5);
  assert.ok(
    (values['nodejs_heap_size_used_bytes'] ?? Number.NaN) <= (values['nodejs_heap_size_total_bytes'] ?? 0),
  );
  near('process_start_time_seconds', Date.now() / 1000 - process.uptime(), 0.001);
  const utilization = values['nodejs_eventloop_utilization_ratio'] ?? -1;
  assert.ok(utilization >= 0 && utilization <= 1, String(utilization));
});

test('a blocked event loop shows in its delay', async (t) => {
  const collected = observed(t);
  await valuesOf(collected);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  const values = await valuesOf(collected);
  assert.ok((values['nodejs_eventloop_lag_p99_seconds'] ?? 0) > 0.25);
});

test('right after a collection there is no delay to report, and none is made up', async (t) => {
  const collected = observed(t);
  await valuesOf(collected);
  const values = await valuesOf(collected);
  assert.equal(values['nodejs_eventloop_lag_seconds'], 0);
  assert.equal(values['nodejs_eventloop_lag_p99_seconds'], 0);
});
