import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricsOfCatalogue, ownMetrics } from '../../src/cli/lint/known-metrics.ts';
import { seriesOfPage } from '../../src/cli/metrics-page.ts';

const src = join(import.meta.dirname, '..', '..', 'src');
const NAME = /'((?:monitoring|nodejs|process)_[a-z0-9_]+)'/g;

test('the list of our own metrics is the one that agent and monitor have in their code', () => {
  const files = ['agent', 'alerts', 'monitor', 'sources'].flatMap((folder) =>
    readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(src, folder, file)),
  );
  const named = files.flatMap((file) =>
    Array.from(readFileSync(file, 'utf8').matchAll(NAME), ([, name = '']) => name),
  );
  assert.deepEqual([...new Set(named)].toSorted(), Object.keys(ownMetrics).toSorted());
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
