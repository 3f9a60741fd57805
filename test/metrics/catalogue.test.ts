import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricRows as rows } from '../../src/metrics/catalogue.ts';
import { documentedMetrics } from '../../src/metrics/catalogue/documented.ts';

/** The contract with dashboards: name, help, type, labels of the eleven documented metrics. */
const documented: readonly (readonly [name: string, help: string, kind: string, labels: string])[] = [
  ['http_requests_total', 'Total HTTP requests', 'counter', 'method endpoint status'],
  ['http_request_duration_seconds', 'HTTP request duration', 'histogram', 'method endpoint'],
  ['system_cpu_usage', 'CPU usage percentage', 'gauge', ''],
  ['system_memory_usage', 'Memory usage percentage', 'gauge', ''],
  ['system_disk_usage', 'Disk usage percentage', 'gauge', ''],
  ['ai_requests_total', 'Total AI requests', 'counter', 'model status'],
  ['ai_request_duration_seconds', 'AI request duration', 'histogram', 'model'],
  ['ai_tokens_total', 'Total tokens processed', 'counter', 'model type'],
  ['db_connections', 'Database connections', 'updown', 'database'],
  ['db_queries_total', 'Total database queries', 'counter', 'database type'],
  ['db_query_duration_seconds', 'Database query duration', 'histogram', 'database type'],
];

const labelsOf = (labels: readonly string[] | 'any'): string =>
  labels === 'any' ? labels : labels.join(' ');

test('the eleven documented metrics come first, exactly as documented', () => {
  const ours = rows
    .slice(0, documented.length)
    .map(({ name, help, kind, labels }) => [name, help, kind, labelsOf(labels)]);
  assert.deepEqual(ours, documented);
});

test('the two of ours beside them carry the labels that are promised', () => {
  const ours = Object.values(documentedMetrics)
    .slice(documented.length)
    .map(({ name, labels }) => [name, labels.join(' ')]);
  assert.deepEqual(ours, [
    ['log_records_total', 'application level'],
    ['security_events_total', 'event'],
  ]);
});

test('no unit makes an exporter append a suffix to a name', () => {
  for (const { name, unit, kind } of rows) {
    if (/_seconds(_total)?$/.test(name)) assert.equal(unit, 's', name);
    else if (name.endsWith('_bytes')) assert.equal(unit, 'By', name);
    else if (kind === 'gauge') assert.equal(unit, '', name);
    else assert.match(unit, /^\{\w+\}$/, name);
  }
});

test('names and labels are what Prometheus takes, counters end in _total, nothing is there twice', () => {
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  for (const { name, kind, labels } of rows) {
    assert.match(name, /^(ALERTS|ALERTS_FOR_STATE|[a-z][a-z0-9_]*)$/);
    assert.equal(name.endsWith('_total'), kind === 'counter', name);
    for (const label of labels === 'any' ? [] : labels) assert.match(label, /^[a-z][a-z_]*$/);
  }
});

test('histograms have ascending boundaries, others none', () => {
  for (const { name, kind, boundaries } of rows) {
    assert.equal(boundaries !== undefined, kind === 'histogram', name);
    assert.deepEqual(
      boundaries,
      boundaries?.toSorted((a, b) => a - b),
      name,
    );
  }
});
