import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Merger } from '../../../src/monitor/agents/merge.ts';
import { resolveNames } from '../../../src/monitor/agents/resolve-names.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';
import { metric, type Row, seriesValue, shown } from '../../helpers/snapshots.ts';

const theirs = (name: string, kind: Parameters<typeof metric>[2], scope = 'app', more = {}): Row['metric'] =>
  metric(0, name, kind, { scope, ...more });

interface Outcome {
  readonly shown: Record<string, readonly number[]>;
  readonly pushed: Record<string, readonly number[]>;
  readonly logged: readonly string[];
}

function resolve(rows: readonly Row[]): Outcome {
  const merger = new Merger();
  merger.add(rows.map(seriesValue));
  const log = recordingOwnLog();
  const resolved = resolveNames(merger.metrics.values(), log);
  const listOf = (metrics: typeof resolved.shown): Record<string, readonly number[]> =>
    shown(
      metrics.flatMap(({ identity, series }) =>
        [...series.values()].map((one) => ({ ...one, metric: identity })),
      ),
    );
  return { shown: listOf(resolved.shown), pushed: listOf(resolved.pushed), logged: log.said };
}

test('O4 labels that collide cost neither their series nor others; the collector gets them as they are', () => {
  const orders = theirs('orders', 'counter');
  const {
    shown: page,
    pushed,
    logged,
  } = resolve([
    { metric: orders, labels: { 'user-id': '1', 'user.id': '2' }, numbers: [1] },
    { metric: orders, labels: { user_id: '1;2' }, numbers: [5] },
    { metric: metric(1, 'http_requests_total'), numbers: [7] },
  ]);
  assert.deepEqual(page, { http_requests_total: [7], 'orders_total{user_id=1;2}': [6] });
  assert.deepEqual(pushed, {
    http_requests_total: [7],
    'orders{user-id=1,user.id=2}': [1],
    'orders{user_id=1;2}': [5],
  });
  assert.deepEqual(logged, []);
});

test('O6 a name of ours, of the monitor or of the rules is ours: the other is left out and named', () => {
  for (const name of ['system_cpu_usage', 'target_info', 'ALERTS', 'monitoring_agents']) {
    const { shown: page, pushed, logged } = resolve([{ metric: theirs(name, 'gauge'), numbers: [1] }]);
    assert.deepEqual([page, pushed], [{}, {}], name);
    assert.match(logged.join('\n'), new RegExp(`MON_METRIC_CONFLICT.*${name}`));
  }
});

test('O6 what takes a name of one of our histograms is left out, and so is a histogram around one of our names', () => {
  const seconds = metric(0, 'http_request_duration_seconds', 'histogram', { boundaries: [1] });
  const ours: Row = { metric: seconds, numbers: [1, 1, 1, 1, 0] };
  for (const other of [
    theirs('http_request_duration_seconds_bucket', 'gauge'),
    theirs('http.request.duration.seconds.sum', 'gauge'),
    theirs('http_request_duration_seconds', 'counter'),
    theirs('http.request-duration.seconds', 'histogram', 'app', { boundaries: [1] }),
  ]) {
    const numbers = other.kind === 'histogram' ? [1, 1, 1, 1, 0] : [1];
    const { shown: page, logged } = resolve([{ metric: other, numbers }, ours]);
    const names = Object.keys(page);
    assert.deepEqual(
      names,
      other.name.endsWith('seconds') && other.kind === 'counter'
        ? [...names]
        : ['http_request_duration_seconds'],
      other.name,
    );
    if (names.length === 1) assert.match(logged.join('\n'), /MON_METRIC_CONFLICT/);
  }
});

test('O6 two instruments of the service that become one name: of a kind they are one metric, else the first is shown and both are named', () => {
  const same = resolve([
    { metric: theirs('jobs', 'counter', 'a'), numbers: [1] },
    { metric: theirs('jobs.total', 'counter', 'b'), numbers: [2] },
    { metric: theirs('jobs', 'counter', 'c'), labels: { queue: 'mail' }, numbers: [4] },
  ]);
  assert.deepEqual(same.shown, { jobs_total: [3], 'jobs_total{queue=mail}': [4] });
  assert.deepEqual(same.logged, []);
  const gauges = resolve([
    { metric: theirs('queue', 'gauge', 'a'), numbers: [1] },
    { metric: theirs('queue', 'gauge', 'b'), numbers: [2] },
  ]);
  assert.deepEqual(gauges.shown, { queue: [1] });
  const different = resolve([
    { metric: theirs('jobs_bucket', 'gauge'), labels: { le: '5' }, numbers: [1] },
    { metric: theirs('jobs', 'histogram', 'app', { boundaries: [1] }), numbers: [1, 1, 1, 1, 0] },
  ]);
  assert.deepEqual(different.shown, { 'jobs_bucket{le=5}': [1] });
  assert.equal(Object.keys(different.pushed).length, 2);
  assert.match(different.logged.join('\n'), /MON_METRIC_NAMES.*jobs/);
  assert.doesNotMatch(different.logged.join('\n'), /ours/);
});
