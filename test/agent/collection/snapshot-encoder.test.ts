import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { type Histogram, MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { AgentReader } from '../../../src/agent/collection/agent-reader.ts';
import { SnapshotEncoder } from '../../../src/agent/collection/snapshot-encoder.ts';
import type { Snapshot } from '../../../src/link/snapshot.ts';
import { Merger, toMetricData } from '../../../src/monitor/agents/merge.ts';
import { ProcessTotals } from '../../../src/monitor/agents/process-totals.ts';
import { shown } from '../../helpers/snapshots.ts';

interface Scene {
  readonly provider: MeterProvider;
  readonly reader: AgentReader;
  readonly encoder: SnapshotEncoder;
  readonly totals: ProcessTotals;
  /** Collects, encodes, crosses the link as a structured clone, and is read on the other side. */
  readonly cross: () => Promise<Snapshot>;
}

function scene(): Scene {
  const reader = new AgentReader();
  const provider = new MeterProvider({ readers: [reader] });
  const encoder = new SnapshotEncoder();
  const totals = new ProcessTotals();
  const cross = async (): Promise<Snapshot> => {
    const encoded = encoder.encode(await reader.read(), 1234.5);
    const snapshot = structuredClone(encoded, { transfer: [encoded.values.buffer as ArrayBuffer] });
    assert.equal(totals.apply(snapshot), true);
    return snapshot;
  };
  return { provider, reader, encoder, totals, cross };
}

/** What of a metric has to survive the way, points in a comparable order. */
function essence(metric: MetricData): unknown {
  const { descriptor, dataPointType, dataPoints } = metric;
  const { name, description, unit } = descriptor;
  const points = dataPoints.map(({ attributes, startTime, value }) => ({
    labels: Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    startTime,
    value,
  }));
  const monotonic = 'isMonotonic' in metric && metric.isMonotonic;
  return { name, description, unit, dataPointType, monotonic, points };
}

test('every kind of instrument comes out on the other side as the SDK has it', async () => {
  const { provider, reader, totals, cross } = scene();
  const meter = provider.getMeter('app', '1.0.0');
  const requests = meter.createCounter('requests_total', { description: 'Requests', unit: '{request}' });
  requests.add(1, { path: '/a', method: 'GET' });
  requests.add(2.5, { method: 'GET', path: '/a' });
  requests.add(7, { path: '/b', method: 'GET' });
  requests.add(1);
  meter.createUpDownCounter('open').add(-3, { pool: 'x' });
  meter.createGauge('temperature', { unit: 'Cel' }).record(-1.5);
  const duration = meter.createHistogram('duration_seconds', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.1, 1, 10] },
  });
  for (const value of [0.05, 0.1, 0.5, 5, 50]) duration.record(value, { path: '/a' });
  duration.record(1, { path: '/b' });
  meter
    .createObservableCounter('seconds_total')
    .addCallback((result) => result.observe(12, { kind: 'user' }));
  meter.createObservableGauge('size').addCallback((result) => result.observe(99));
  meter
    .createObservableUpDownCounter('connections')
    .addCallback((result) => result.observe(4, { database: 'app' }));

  await cross();
  const merger = new Merger();
  merger.add(totals.values());
  const received = [...merger.metrics.values()].map((metric) => essence(toMetricData(metric, 0)));
  const collected = (await reader.read()).scopeMetrics.flatMap(({ metrics }) => metrics);
  assert.equal(received.length, 7);
  assert.deepEqual(received, collected.map(essence));
  assert.deepEqual(
    [...merger.metrics.values()].map(({ identity }) => identity.scope),
    Array(7).fill('app'),
  );
});

test('what was named once is not named again, and only values cross from then on', async () => {
  const { provider, totals, cross } = scene();
  const counter = provider.getMeter('app').createCounter('a_total');
  counter.add(1, { path: '/a' });
  const first = await cross();
  assert.deepEqual([first.newMetrics.length, first.newSeries.length, first.values.length], [1, 1, 3]);
  assert.equal(first.atMs, 1234.5);

  counter.add(1, { path: '/a' });
  const second = await cross();
  assert.deepEqual([second.newMetrics, second.newSeries, second.values.length], [[], [], 3]);

  counter.add(5, { path: '/b' });
  provider.getMeter('other').createCounter('b_total').add(9);
  const third = await cross();
  assert.deepEqual(
    third.newMetrics.map(({ id, name, scope }) => [id, name, scope]),
    [[1, 'b_total', 'other']],
  );
  assert.deepEqual(third.newSeries, [
    { id: 1, metric: 0, labels: { path: '/b' } },
    { id: 2, metric: 1, labels: {} },
  ]);
  assert.deepEqual(shown(totals.values()), {
    'a_total{path=/a}': [2],
    'a_total{path=/b}': [5],
    b_total: [9],
  });
});

test('the same attributes in another order, or another object, are the same series', async () => {
  const { provider, totals, cross } = scene();
  const size = provider.getMeter('app').createObservableGauge('size');
  let turn = 0;
  size.addCallback((result) => {
    turn += 1;
    if (turn % 2 === 1) result.observe(turn, { b: '2', a: '1' });
    else result.observe(turn, { a: '1', b: '2' });
  });
  await cross();
  const second = await cross();
  assert.deepEqual(second.newSeries, []);
  assert.deepEqual(shown(totals.values()), { 'size{a=1,b=2}': [2] });
});

test('attributes of other types become texts, those without a value go', async () => {
  const { provider, totals, cross } = scene();
  const counter = provider.getMeter('app').createCounter('a_total');
  counter.add(1, { number: 7, flag: true, list: ['x', 'y'], gone: undefined, text: 'å"\n' }, ROOT_CONTEXT);
  await cross();
  const [series] = totals.values();
  assert.deepEqual(series?.labels, { flag: 'true', list: '["x","y"]', number: '7', text: 'å"\n' });
});

test('thousands of series grow the snapshot and stay apart', async () => {
  const { provider, totals, cross } = scene();
  const histogram = provider
    .getMeter('app')
    .createHistogram('h', { advice: { explicitBucketBoundaries: [1, 2, 3] } });
  for (let at = 0; at < 1900; at += 1) histogram.record(at % 4, { path: `/p/${at}` });
  const { values, newSeries } = await cross();
  assert.equal(newSeries.length, 1900);
  assert.equal(values.length, 1900 * (2 + 3 + 4));
  const counts = [...totals.values()].map(({ numbers }) => Array.from(numbers));
  assert.equal(counts.length, 1900);
  assert.deepEqual(counts[1], [1, 1, 1, 1, 0, 0, 0]);
  assert.deepEqual(counts[1899], [3, 3, 3, 0, 0, 1, 0]);
});

test('an instrument without a value takes no space', async () => {
  const { provider, reader, encoder, cross } = scene();
  provider.getMeter('app').createCounter('silent_total');
  const snapshot = await cross();
  assert.deepEqual([snapshot.newMetrics, snapshot.newSeries, snapshot.values.length], [[], [], 0]);
  assert.deepEqual(encoder.encode(await reader.read(), 1).newMetrics, []);
});

test('a histogram without sum, minimum and maximum arrives as one', async () => {
  const { provider, reader, encoder } = scene();
  provider
    .getMeter('app')
    .createHistogram('h', { advice: { explicitBucketBoundaries: [1] } })
    .record(0.5);
  const collected = await reader.read();
  for (const { metrics } of collected.scopeMetrics) {
    for (const { dataPoints } of metrics) {
      for (const { value } of dataPoints) {
        const histogram = value as { -readonly [K in keyof Histogram]: Histogram[K] | undefined };
        histogram.sum = undefined;
        histogram.min = undefined;
        histogram.max = undefined;
      }
    }
  }
  const totals = new ProcessTotals();
  totals.apply(encoder.encode(collected, 1));
  const merger = new Merger();
  merger.add(totals.values());
  const [metric] = merger.metrics.values();
  assert.ok(metric);
  assert.deepEqual(toMetricData(metric, 1).dataPoints[0]?.value, {
    buckets: { boundaries: [1], counts: [1, 0] },
    count: 1,
  });
});

test('a new encoder names everything again, for a link that knows nothing', async () => {
  const { provider, reader, cross } = scene();
  provider.getMeter('app').createCounter('a_total').add(3, { path: '/a' });
  await cross();
  const again = new SnapshotEncoder().encode(await reader.read(), 1);
  const totals = new ProcessTotals();
  assert.equal(totals.apply(again), true);
  assert.deepEqual(shown(totals.values()), { 'a_total{path=/a}': [3] });
});
