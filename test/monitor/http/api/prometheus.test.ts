import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiServer, type ApiAnswer, request } from '../../../helpers/api/api-server.ts';
import { startPrometheus, withoutPrometheus } from '../../../helpers/api/prometheus.ts';

const SECOND = 1_795_500_000;
const SERIES = [
  'requests_total{method="GET",status="200"} 0+30x40',
  'requests_total{method="GET",status="500"} 0+3x20 _x5 70',
  'requests_total{method="POST",status="200"} 0+1x40',
  'temperature{room="a b"} 0.1 1e-7 1e21 NaN Inf -Inf -0 123456789.125 1e-6 0.000001234 1e20',
  'latency_bucket{le="0.1"} 0+1x40',
  'latency_bucket{le="1.0"} 0+3x40',
  'latency_bucket{le="+Inf"} 0+4x40',
];

const at = (seconds: number): string => String(SECOND + seconds);
const range = { start: at(0), end: at(300), step: '15' };

type Params = Readonly<Record<string, string | readonly string[]>>;

/** Requests that both are to answer alike. */
const cases: readonly (readonly [path: string, params: Params])[] = [
  ...[
    'requests_total',
    'requests_total{status=~"5.."}',
    'sum by (status) (rate(requests_total[2m]))',
    'histogram_quantile(0.9, rate(latency_bucket[5m]))',
    'histogram_quantile(1.5, latency_bucket)',
    'requests_total[45s]',
    'max_over_time(rate(requests_total[1m])[2m:30s])',
    'requests_total offset 1m',
    `requests_total @ ${at(30)}`,
    'vector(1e-7)',
    '1e-7',
    '1e300',
    '-0.1',
    'vector(-0)',
    'time()',
    '"text \\" with é"',
    'temperature * 2',
    'rate(temperature[1m])',
    'absent(nothing{a="b"})',
    'nothing',
    'nothing[5m]',
    'sort_desc(requests_total)',
    'count_values("v", requests_total)',
    'requests_total * on (method) requests_total',
    'requests_total / ignoring (status) group_left requests_total{status="200"}',
    'label_replace(requests_total, "__name__", "x", "", "")',
    'label_replace(requests_total, "a", "x", "b", "(")',
    'quantile(2, requests_total)',
    'quantile(1234567.5, requests_total)',
    'quantile(-0.00001, requests_total)',
    'topk(1e20, requests_total)',
    'sum(',
    'sum(requests_total',
    'requests_total{status=~"("}',
    'topk(requests_total, requests_total)',
    'rate(requests_total)',
    'foo bar',
    '',
    '{}',
    'requests_total{method="GET"',
    'requests_total[5m] + 1',
    'nosuch(1)',
    '1 == 1',
    'requests_total and 1',
  ].flatMap((query): [string, Params][] => [
    ['query', { query, time: at(300.5) }],
    ['query_range', { query, ...range }],
  ]),
  ...Array.from({ length: 11 }, (_, i): [string, Params] => [
    'query',
    { query: 'temperature', time: at(i * 15 + 0.25) },
  ]),
  ['query', { query: 'requests_total', time: 'x' }],
  ['query', { query: 'requests_total', time: '2026-11-24T06:00:20Z' }],
  ['query', { query: 'requests_total', time: '2026-11-24T06:00:20.5+01:00' }],
  ['query', { query: 'requests_total', time: '2026-11-24T06:00:20' }],
  ['query', { query: 'requests_total', time: at(300), limit: '2' }],
  ['query', { query: 'requests_total', time: at(300), limit: '3' }],
  ['query', { query: 'requests_total', time: at(300), limit: 'x' }],
  ['query', { query: 'requests_total', time: at(300), limit: '-1' }],
  ['query', { query: '1', time: at(0), timeout: 'x' }],
  ['query', { query: '1', time: at(0), timeout: '1m' }],
  ['query', { query: 'requests_total', time: at(800), lookback_delta: '2m' }],
  ['query', { query: 'requests_total', time: at(800), lookback_delta: '300.5' }],
  ['query', { query: '1', time: at(0), lookback_delta: 'x' }],
  ['query_range', { ...range, query: 'requests_total', limit: '1' }],
  ['query_range', { ...range, query: 'requests_total', step: '1m30s' }],
  ['query_range', { ...range, query: 'requests_total', step: '7.5' }],
  ['query_range', { ...range, query: 'requests_total', start: at(10.123), end: at(99.9), step: '13.7' }],
  ['query_range', { ...range, query: 'requests_total - requests_total @ start()' }],
  ['query_range', { ...range, query: 'sum_over_time(requests_total[1m] @ end())' }],
  ['query_range', { ...range, query: 'requests_total', step: '0' }],
  ['query_range', { ...range, query: 'requests_total', step: '-5' }],
  ['query_range', { ...range, query: 'requests_total', step: 'x' }],
  ['query_range', { ...range, query: 'requests_total', step: '' }],
  ['query_range', { ...range, query: 'requests_total', step: '9223372036854775807' }],
  ['query_range', { ...range, query: 'requests_total', end: at(-1) }],
  ['query_range', { ...range, query: 'requests_total', start: '' }],
  ['query_range', { ...range, query: 'requests_total', end: 'later' }],
  ['query_range', { query: 'requests_total', start: '0', end: '11001', step: '1' }],
  ['series', {}],
  ['series', { 'match[]': 'requests_total' }],
  ['series', { 'match[]': ['requests_total{status="500"}', '{__name__=~"lat.*"}', 'requests_total'] }],
  ['series', { 'match[]': 'requests_total', limit: '1' }],
  ['series', { 'match[]': '{}' }],
  ['series', { 'match[]': '{a=~".*"}' }],
  ['series', { 'match[]': '' }],
  ['series', { 'match[]': 'requests_total offset 5m' }],
  ['series', { 'match[]': 'sum(requests_total)' }],
  ['series', { 'match[]': 'requests_total[5m]' }],
  ['series', { 'match[]': '1' }],
  ['series', { 'match[]': 'requests_total', start: 'x' }],
  ['series', { 'match[]': 'requests_total', end: 'x' }],
  ['series', { 'match[]': 'requests_total', start: at(100_000) }],
  ['labels', {}],
  ['labels', { 'match[]': 'temperature' }],
  ['labels', { 'match[]': '' }],
  ['labels', { limit: '1' }],
  ['labels', { limit: 'x' }],
  ['label/status/values', {}],
  ['label/status/values', { 'match[]': 'requests_total{method="POST"}' }],
  ['label/nothing/values', {}],
  ['label/U__a_2e_b/values', {}],
  ['label/le/values', {}],
  ['label/__name__/values', { limit: '2' }],
  ['rules', { type: 'x' }],
  ['rules', { exclude_alerts: 'x' }],
  ['rules', {}],
  ['alerts', {}],
  ['metadata', { limit: 'x' }],
];

const ORDERED = /^sort/;

/** The answer with vectors in the order of their labels, since Prometheus promises none. */
function comparable({ status, json }: ApiAnswer, params: Params): unknown {
  const { data } = json as { data?: { resultType?: string; result?: { metric: object }[] } };
  if (data?.resultType === 'vector' && data.result !== undefined && !ORDERED.test(String(params['query']))) {
    data.result = data.result.toSorted((a, b) =>
      JSON.stringify(a.metric) < JSON.stringify(b.metric) ? -1 : 1,
    );
  }
  return { status, json };
}

test('every request is answered as Prometheus 3.16 answers it', { skip: withoutPrometheus }, async (t) => {
  const [api, theirs] = await Promise.all([
    apiServer(t, { series: SERIES, second: SECOND }),
    startPrometheus(t, SERIES, SECOND),
  ]);
  for (const [path, params] of cases) {
    for (const method of path === 'query' ||
    path.startsWith('query_') ||
    path === 'series' ||
    path === 'labels'
      ? (['GET', 'POST'] as const)
      : (['GET'] as const)) {
      const [ours, expected] = await Promise.all([
        request(api.url, method, path, params),
        request(theirs, method, path, params),
      ]);
      const what = `${method} ${path} ${JSON.stringify(params)}`;
      assert.deepEqual(comparable(ours, params), comparable(expected, params), what);
    }
  }
});
