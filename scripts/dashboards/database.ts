import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { limits } from './colors.ts';
import { dashboard } from './dashboard.ts';
import { FULL_WIDTH, lines, number } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { rowsOf } from './table-panel.ts';
import { labelVariable, metricsSource, serviceVariables } from './variables.ts';

const OF_DATABASE = `${OF_SERVICE},database=~"$database"`;
const OF_QUERIES = `${OF_DATABASE},type=~"$type"`;

const rateOf = (metric: string, by: string, matchers = '', range = '$__rate_interval'): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${metric}{${OF_QUERIES}${matchers}}[${range}]))`;

function secondsOf(quantile: number, by: readonly string[], range?: string): string {
  const buckets = rateOf('db_query_duration_seconds_bucket', ['le', ...by].join(', '), '', range);
  return `histogram_quantile(${quantile}, ${buckets})`;
}

/** Share of the queries that take longer than half a second, a boundary of the histogram. */
function slowShareOf(by: string): string {
  const all = rateOf('db_query_duration_seconds_count', by);
  return `1 - ${rateOf('db_query_duration_seconds_bucket', by, ',le="0.5"')} / (${all} > 0)`;
}

/** What do services ask of their databases, and how long do they wait for it? */
export function database(): Dashboard {
  const { querySeconds, errorShare } = limits;
  const range = '$__range';
  const rows = 'database, type';
  return dashboard({
    name: 'database',
    title: 'Database',
    about: 'Queries, query duration and connections of databases',
    variables: [
      metricsSource(),
      ...serviceVariables(),
      labelVariable('database', 'Database', `db_queries_total{${OF_SERVICE}}`),
      labelVariable('type', 'Query type', `db_queries_total{${OF_DATABASE}}`),
    ],
    rows: [
      [
        number({
          title: 'Queries',
          about: 'Queries per second.',
          width: 6,
          unit: 'ops',
          expr: rateOf('db_queries_total', ''),
          withLine: true,
        }),
        number({
          title: '95th percentile',
          about: '95th percentile of the query duration.',
          width: 6,
          unit: 's',
          expr: secondsOf(0.95, []),
          withLine: true,
          limits: querySeconds(),
        }),
        number({
          title: 'Slow queries',
          about: 'Percentage of queries that take longer than 0.5 s.',
          width: 6,
          unit: 'percentunit',
          expr: slowShareOf(''),
          withLine: true,
          limits: errorShare(),
        }),
        number({
          title: 'Connections',
          about: 'Open connections of all processes.',
          width: 6,
          expr: `sum(db_connections{${OF_DATABASE}})`,
          withLine: true,
        }),
      ],
      [
        lines({
          title: 'Queries by type',
          about: 'Queries per second, by type.',
          width: 12,
          unit: 'ops',
          queries: [{ expr: rateOf('db_queries_total', rows), legend: '{{database}} {{type}}' }],
          stacked: true,
        }),
        lines({
          title: 'Duration by type',
          about: '95th percentile of the query duration.',
          width: 12,
          unit: 's',
          queries: [{ expr: secondsOf(0.95, ['database', 'type']), legend: '{{database}} {{type}}' }],
          limits: querySeconds(),
        }),
      ],
      [
        lines({
          title: 'Connections',
          about:
            'Open connections by database. A line that only rises indicates connections that are never released.',
          width: 12,
          queries: [{ expr: `sum by (database) (db_connections{${OF_DATABASE}})`, legend: '{{database}}' }],
        }),
        lines({
          title: 'Slow queries',
          about: 'Percentage of queries that take longer than 0.5 s, by database.',
          width: 12,
          unit: 'percentunit',
          max: 1,
          queries: [{ expr: slowShareOf('database'), legend: '{{database}}' }],
          limits: errorShare(),
        }),
      ],
      [
        rowsOf({
          title: 'Query types',
          about: 'All query types in the selected time range, sorted by total time.',
          width: FULL_WIDTH,
          rows: { database: 'database', type: 'type' },
          columns: [
            {
              title: 'queries',
              expr: `sum by (${rows}) (increase(db_queries_total{${OF_QUERIES}}[${range}]))`,
            },
            {
              title: 'mean',
              unit: 's',
              expr: `${rateOf('db_query_duration_seconds_sum', rows, '', range)} / (${rateOf('db_query_duration_seconds_count', rows, '', range)} > 0)`,
            },
            {
              title: '95th percentile',
              unit: 's',
              expr: secondsOf(0.95, ['database', 'type'], range),
              limits: querySeconds(),
            },
            {
              title: 'total time',
              unit: 's',
              expr: `sum by (${rows}) (increase(db_query_duration_seconds_sum{${OF_QUERIES}}[${range}]))`,
            },
          ],
          sortedBy: 'total time',
        }),
      ],
    ],
  });
}
