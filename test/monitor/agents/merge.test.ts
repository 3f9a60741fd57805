import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { Merger, toMetricData } from '../../../src/monitor/agents/merge.ts';
import type { MetricIdentity } from '../../../src/link/snapshot.ts';
import { metric, type Row, seriesValue, shown } from '../../helpers/snapshots.ts';

const NONE = Number.NaN;
const requests = metric(0, 'requests_total');
const open = metric(1, 'connections', 'updown');
const duration = metric(2, 'duration_seconds', 'histogram', { boundaries: [0.1, 1] });

function merged(...processes: readonly (readonly Row[])[]): Merger {
  const merger = new Merger();
  for (const rows of processes) merger.add(rows.map(seriesValue));
  return merger;
}

const one = (of: MetricIdentity, ...numbers: number[]): Row[] => [{ metric: of, numbers }];

test('counters and sums are added, each label set for itself', () => {
  const merger = merged(
    [
      { metric: requests, labels: { path: '/a' }, numbers: [2] },
      { metric: open, numbers: [5] },
    ],
    [
      { metric: requests, labels: { path: '/a' }, numbers: [3] },
      { metric: requests, labels: { path: '/b' }, numbers: [1] },
      { metric: open, numbers: [-1] },
    ],
  );
  assert.deepEqual(shown(merger.values()), {
    'requests_total{path=/a}': [5],
    'requests_total{path=/b}': [1],
    connections: [4],
  });
});

test('label sets that look alike when strung together stay apart', () => {
  const merger = merged(
    [{ metric: requests, labels: { a: '1', b: '2' }, numbers: [1] }],
    [{ metric: requests, labels: { a: '1b2' }, numbers: [1] }],
    [{ metric: requests, labels: { a: '', b: '' }, numbers: [1] }],
    [{ metric: requests, labels: { a: '' }, numbers: [1] }],
  );
  assert.equal([...merger.values()].length, 4);
});

test('the series of all processes began when the first one did', () => {
  const merger = merged(
    [{ metric: requests, startMs: 900, numbers: [1] }],
    [{ metric: requests, startMs: 300, numbers: [1] }],
    [{ metric: requests, startMs: 600, numbers: [1] }],
  );
  assert.deepEqual(
    [...merger.values()].map(({ startMs }) => startMs),
    [300],
  );
});

test('gauges are summed, but where a sum has no meaning the worst process is shown', () => {
  const rules: readonly (readonly [name: string, expected: number])[] = [
    ['process_resident_memory_bytes', 30],
    ['nodejs_heap_size_used_bytes', 30],
    ['process_start_time_seconds', 10],
    ['nodejs_eventloop_lag_seconds', 20],
    ['nodejs_eventloop_lag_p99_seconds', 20],
    ['nodejs_eventloop_utilization_ratio', 20],
  ];
  for (const [name, expected] of rules) {
    const gauge = metric(0, name, 'gauge');
    assert.deepEqual(shown(merged(one(gauge, 10), one(gauge, 20)).values()), { [name]: [expected] });
    assert.deepEqual(shown(merged(one(gauge, 20), one(gauge, 10)).values()), { [name]: [expected] });
  }
});

test('histograms add counts and sums and keep the least minimum and the greatest maximum', () => {
  const merger = merged(one(duration, 1.5, 0.05, 1.2, 2, 0, 1), one(duration, 0.5, 0.2, 0.3, 0, 2, 0));
  assert.deepEqual(shown(merger.values()), { duration_seconds: [2, 0.05, 1.2, 2, 2, 1] });
});

test('a histogram without minimum and maximum takes those of the others and gives none itself', () => {
  const without = one(duration, 1, NONE, NONE, 1, 0, 0);
  assert.deepEqual(shown(merged(without, one(duration, 2, 0.5, 1.5, 0, 1, 1)).values()), {
    duration_seconds: [3, 0.5, 1.5, 1, 1, 1],
  });
  assert.deepEqual(shown(merged(one(duration, 2, 0.5, 1.5, 0, 1, 1), without).values()), {
    duration_seconds: [3, 0.5, 1.5, 1, 1, 1],
  });
  const [metricOf] = merged(without, without).metrics.values();
  assert.ok(metricOf);
  const [point] = toMetricData(metricOf, 1000).dataPoints;
  assert.deepEqual(point?.value, { buckets: { boundaries: [0.1, 1], counts: [2, 0, 0] }, count: 2, sum: 2 });
});

test('histograms with other boundaries are not mixed: those of the first process are shown', () => {
  const sameLength = metric(2, 'duration_seconds', 'histogram', { boundaries: [0.2, 1] });
  const longer = metric(2, 'duration_seconds', 'histogram', { boundaries: [0.1, 1, 10] });
  const merger = merged(one(duration, 1, 0.05, 1, 1, 0, 1), one(sameLength, 9, 9, 9, 9, 9, 9), [
    { metric: longer, labels: { path: '/b' }, numbers: [9, 9, 9, 9, 9, 9, 9] },
  ]);
  assert.deepEqual(shown(merger.values()), { duration_seconds: [1, 0.05, 1, 1, 0, 1] });
});

test('of a process that ended its counters and histograms stay, what it held open is gone', () => {
  const merger = new Merger();
  const gauge = metric(3, 'memory', 'gauge');
  const all = [...one(requests, 2), ...one(open, 5), ...one(gauge, 7), ...one(duration, 1, 1, 1, 0, 1, 0)];
  merger.add(all.map(seriesValue), true);
  assert.deepEqual(shown(merger.values()), { requests_total: [2], duration_seconds: [1, 1, 1, 0, 1, 0] });
});

test('metrics of one name in two scopes, or of two kinds, stay two metrics', () => {
  const foreign = metric(5, 'requests_total', 'counter', { scope: 'app' });
  const gauge = metric(6, 'requests_total', 'gauge');
  const merger = merged(one(requests, 1), one(foreign, 10), one(gauge, 100));
  assert.deepEqual(
    [...merger.values()].map(({ numbers }) => numbers[0]),
    [1, 10, 100],
  );
});

test('merging leaves what it was given as it was', () => {
  const a = seriesValue({ metric: duration, numbers: [1, 1, 1, 0, 1, 0] });
  const b = seriesValue({ metric: duration, numbers: [2, 2, 2, 0, 0, 1] });
  const merger = new Merger();
  merger.add([a]);
  merger.add([b]);
  merger.add([b]);
  assert.deepEqual([...a.numbers], [1, 1, 1, 0, 1, 0]);
  assert.deepEqual([...b.numbers], [2, 2, 2, 0, 0, 1]);
  assert.deepEqual(shown(merger.values()), { duration_seconds: [5, 1, 2, 0, 1, 2] });
});

test('as OpenTelemetry data each kind has its type, times and description', () => {
  const gauge = metric(3, 'memory', 'gauge', { unit: 'By' });
  const merger = merged([
    { metric: requests, labels: { path: '/a' }, startMs: 1500.25, numbers: [2] },
    { metric: open, numbers: [5] },
    { metric: gauge, numbers: [7] },
    { metric: duration, numbers: [1.1, 0.1, 1, 1, 0, 1] },
  ]);
  const data = [...merger.metrics.values()].map((each) => toMetricData(each, 61_000.5));
  assert.deepEqual(
    data.map(({ descriptor, dataPointType }) => [descriptor.name, descriptor.unit, dataPointType]),
    [
      ['requests_total', '', DataPointType.SUM],
      ['connections', '', DataPointType.SUM],
      ['memory', 'By', DataPointType.GAUGE],
      ['duration_seconds', '', DataPointType.HISTOGRAM],
    ],
  );
  assert.deepEqual(
    data.map((each) => each.dataPointType === DataPointType.SUM && each.isMonotonic),
    [true, false, false, false],
  );
  assert.equal(data[0]?.descriptor.description, 'Help of requests_total');
  assert.deepEqual(data[0]?.dataPoints, [
    { startTime: [1, 500_250_000], endTime: [61, 500_000], attributes: { path: '/a' }, value: 2 },
  ]);
  assert.deepEqual(data[3]?.dataPoints[0]?.value, {
    buckets: { boundaries: [0.1, 1], counts: [1, 0, 1] },
    count: 2,
    sum: 1.1,
    min: 0.1,
    max: 1,
  });
});
