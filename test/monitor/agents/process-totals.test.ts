import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProcessTotals } from '../../../src/monitor/agents/process-totals.ts';
import { laterSnapshotOf, metric, type Row, shown, snapshotOf } from '../../helpers/snapshots.ts';

const requests = metric(0, 'requests_total');
const duration = metric(1, 'duration_seconds', 'histogram', { boundaries: [0.1, 1] });
const first: readonly Row[] = [
  { metric: requests, labels: { path: '/a' }, numbers: [3] },
  { metric: duration, labels: { path: '/a' }, numbers: [1.5, 0.05, 1.2, 2, 0, 1] },
  { metric: requests, labels: { path: '/b' }, numbers: [1] },
];

test('a snapshot is read back series by series', () => {
  const totals = new ProcessTotals();
  assert.equal(totals.atMs, 0);
  assert.deepEqual([...totals.values()], []);
  assert.equal(totals.apply(snapshotOf(first, 1234)), true);
  assert.equal(totals.atMs, 1234);
  assert.deepEqual(shown(totals.values()), {
    'requests_total{path=/a}': [3],
    'duration_seconds{path=/a}': [1.5, 0.05, 1.2, 2, 0, 1],
    'requests_total{path=/b}': [1],
  });
  assert.deepEqual(
    [...totals.values()].map(({ startMs }) => startMs),
    [500, 500, 500],
  );
});

test('a later snapshot names nothing again and replaces all values', () => {
  const totals = new ProcessTotals();
  totals.apply(snapshotOf(first));
  totals.apply(laterSnapshotOf([{ metric: requests, numbers: [7] }], 2000));
  assert.deepEqual(shown(totals.values()), { 'requests_total{path=/a}': [7] });
  assert.equal(totals.atMs, 2000);
});

test('what is named later goes on where the earlier snapshots stopped', () => {
  const totals = new ProcessTotals();
  totals.apply(snapshotOf(first));
  const gauge = metric(2, 'connections', 'gauge');
  const snapshot = {
    atMs: 2000,
    newMetrics: [gauge],
    newSeries: [{ id: 3, metric: 2, labels: {} }],
    values: Float64Array.of(3, 500, 9),
  };
  assert.equal(totals.apply(snapshot), true);
  assert.deepEqual(shown(totals.values()), { connections: [9] });
});

test('a snapshot of another link, which names things out of order, changes nothing', () => {
  const totals = new ProcessTotals();
  totals.apply(snapshotOf(first));
  const before = shown(totals.values());
  assert.equal(totals.apply(snapshotOf(first, 9999)), false);
  const skipped = { atMs: 9999, newMetrics: [metric(5, 'x')], newSeries: [], values: Float64Array.of() };
  assert.equal(totals.apply(skipped), false);
  assert.deepEqual(shown(totals.values()), before);
  assert.equal(totals.atMs, 1000);
});

test('M7 numbers that do not fit the series, and times that are none, change nothing', () => {
  const totals = new ProcessTotals();
  totals.apply(snapshotOf(first));
  const before = shown(totals.values());
  const forged: readonly (readonly number[])[] = [
    [9, 500, 1],
    [-1, 500, 1],
    [Number.NaN, 500, 1],
    [0.5, 500, 1],
    [0, 500],
    [0, Number.NaN, 1],
    [0, -1, 1],
    [0, 1e300, 1],
    [1, 500, 1, 2, 3],
    [0],
  ];
  for (const values of forged) {
    const snapshot = { atMs: 9999, newMetrics: [], newSeries: [], values: Float64Array.from(values) };
    assert.equal(totals.apply(snapshot), false, String(values));
  }
  const ofNothing = { id: 3, metric: 7, labels: {} };
  const snapshot = { atMs: 9999, newMetrics: [], newSeries: [ofNothing], values: Float64Array.of() };
  assert.equal(totals.apply(snapshot), false);
  assert.deepEqual(shown(totals.values()), before);
});
