import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsOfCatalogue } from '../../src/cli/lint/known-metrics.ts';
import { metricRows } from '../../src/metrics/catalogue.ts';
import { seriesOfPage } from '../../src/cli/metrics-page.ts';

test('every row of the catalogue is known to the lint of rules', () => {
  const known = metricsOfCatalogue();
  for (const { name, kind, labels } of metricRows) {
    const shown = kind === 'histogram' ? `${name}_sum` : name;
    assert.ok(known.names.has(shown), shown);
    assert.deepEqual(known.labelsOf(shown), labels === 'any' ? undefined : new Set(labels), shown);
  }
});

test('histograms are known by their three series', () => {
  const known = metricsOfCatalogue();
  assert.ok(!known.names.has('db_query_duration_seconds'));
  assert.deepEqual(
    [...(known.labelsOf('db_query_duration_seconds_bucket') ?? [])],
    ['database', 'type', 'le'],
  );
  assert.deepEqual([...(known.labelsOf('db_query_duration_seconds_count') ?? [])], ['database', 'type']);
});

test('a page of the text format is read line by line; what is no series is left out', () => {
  const page = `# HELP a_total It's "a" {x}
# TYPE a_total counter
a_total 5
a_total{} 5
a_total{b="c",d="e\\"}\\\\",} 1.5e3 1700000000000
h_bucket{le="0.5"} 1
h_bucket{le="10"} 1
h_bucket{le="+Inf"} NaN
{"utf8.name", x="y"} 1
broken{ 1
{} 1

`;
  assert.deepEqual(
    seriesOfPage(page).map((labels) => labels.toString()),
    [
      'a_total',
      'a_total',
      String.raw`a_total{b="c", d="e\"}\\"}`,
      'h_bucket{le="0.5"}',
      'h_bucket{le="10.0"}',
      'h_bucket{le="+Inf"}',
      '{"utf8.name", x="y"}',
    ],
  );
});
