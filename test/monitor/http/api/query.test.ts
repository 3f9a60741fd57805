import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { evaluateRange, parse } from '../../../../src/promql/index.ts';
import { Labels } from '../../../../src/samples/labels.ts';
import type { Queryable, SeriesView } from '../../../../src/samples/queryable.ts';
import { MatrixText } from '../../../../src/monitor/http/api/matrix-text.ts';
import { QueryRunner } from '../../../../src/monitor/http/api/query-runner.ts';
import { apiServer } from '../../../helpers/api/api-server.ts';

const SERIES = [
  'requests_total{method="GET",status="200"} 0+30x20',
  'requests_total{method="GET",status="500"} 0+3x20',
  'temperature{room="a b"} 0.1 1e-7 1e21 NaN Inf -Inf -0 123456789.125',
];

test('an instant query answers a vector at its time, values as Go writes them', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const values: string[] = [];
  for (let i = 0; i < 8; i++) {
    const { text } = await api.get('query', { query: 'temperature', time: String(i * 15 + 0.5) });
    values.push(/"value":(\[.*?\])/.exec(text)?.[1] ?? text);
  }
  assert.deepEqual(values, [
    '[0.500,"0.1"]',
    '[15.500,"1e-07"]',
    '[30.500,"1e+21"]',
    '[45.500,"NaN"]',
    '[60.500,"+Inf"]',
    '[75.500,"-Inf"]',
    '[90.500,"-0"]',
    '[105.500,"123456789.125"]',
  ]);
});

test('the envelope and each kind of result are those of Prometheus', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const [query, data] of [
    ['1 + 1', '{"resultType":"scalar","result":[60,"2"]}'],
    ['"a\\"b"', '{"resultType":"string","result":[60,"a\\"b"]}'],
    ['sum(requests_total)', '{"resultType":"vector","result":[{"metric":{},"value":[60,"132"]}]}'],
    [
      'requests_total{status="500"}[30s]',
      '{"resultType":"matrix","result":[{"metric":{"__name__":"requests_total","method":"GET","status":"500"},"values":[[45,"9"],[60,"12"]]}]}',
    ],
    ['nothing', '{"resultType":"vector","result":[]}'],
    ['nothing[5m]', '{"resultType":"matrix","result":[]}'],
  ] as const) {
    const { status, text } = await api.get('query', { query, time: '60' });
    assert.equal(status, 200);
    assert.equal(text, `{"status":"success","data":${data}}`);
  }
});

test('without a time the present is asked for', async (t) => {
  const api = await apiServer(t, {});
  const { text } = await api.get('query', { query: 'time()' });
  assert.match(text, new RegExp(`"result":\\[${api.rig.nowMs / 1000},"${api.rig.nowMs / 1000}"\\]`));
});

test('a range query answers a matrix in the order of the labels', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const { text } = await api.get('query_range', {
    query: 'sum by (status) (delta(requests_total[30s]))',
    start: '60',
    end: '90.5',
    step: '15',
  });
  assert.equal(
    text,
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"status":"200"},"values":[[60,"60"],[75,"60"],[90,"60"]]},{"metric":{"status":"500"},"values":[[60,"6"],[75,"6"],[90,"6"]]}]}}',
  );
});

test('a query cut into many slices gives what one slice gives, bounds and subqueries included', async (t) => {
  // A clock that jumps at each look makes every slice one step long.
  const api = await apiServer(t, { series: SERIES });
  let nowMs = 0;
  const runner = new QueryRunner({
    store: api.store,
    subqueryStepMs: 15_000,
    monotonicMs: () => (nowMs += 11),
    yieldTurn: () => Promise.resolve(),
  });
  for (const text of [
    'requests_total',
    'rate(requests_total[1m])',
    'requests_total - requests_total @ start()',
    'requests_total / requests_total @ end()',
    'sum_over_time(sum(requests_total)[1m:15s] @ end())',
    'max_over_time(rate(requests_total[30s])[1m:])',
    'topk(1, requests_total)',
    'time()',
  ]) {
    const expr = parse(text);
    const whole = evaluateRange(expr, api.store, 30_000, 200_000, 7000, { subqueryStepMs: 15_000 });
    const points = new Map<string, [number, number][]>();
    let slices = 0;
    const times = { fromMs: 30_000, toMs: 200_000, stepMs: 7000 };
    await runner.range(expr, times, 30_000, ({ series }) => {
      slices++;
      for (const { labels, points: some } of series) {
        const list = points.get(labels.key) ?? [];
        points.set(labels.key, list);
        for (const { timeMs, value } of some) list.push([timeMs, value]);
      }
    });
    assert.equal(slices, 25, text);
    const expected = new Map(
      whole.value.series.map(({ labels, points: some }) => [
        labels.key,
        some.map(({ timeMs, value }) => [timeMs, value]),
      ]),
    );
    assert.deepEqual(points, expected, text);
  }
});

test('errors have the type, the status and the words of Prometheus', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const range = { start: '0', end: '60', step: '15' };
  for (const [path, params, status, type, error] of [
    [
      'query',
      { query: 'sum(' },
      400,
      'bad_data',
      'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
    ],
    [
      'query',
      {},
      400,
      'bad_data',
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    ],
    [
      'query',
      { query: 'up', time: 'x' },
      400,
      'bad_data',
      `invalid parameter "time": invalid time value for 'time': cannot parse "x" to a valid timestamp`,
    ],
    [
      'query',
      { query: 'up', timeout: 'x' },
      400,
      'bad_data',
      'invalid parameter "timeout": cannot parse "x" to a valid duration',
    ],
    [
      'query',
      { query: 'up', limit: '-1' },
      400,
      'bad_data',
      'invalid parameter "limit": limit must be non-negative',
    ],
    [
      'query_range',
      { ...range, query: 'up', start: '' },
      400,
      'bad_data',
      'invalid parameter "start": cannot parse "" to a valid timestamp',
    ],
    [
      'query_range',
      { ...range, query: 'up', end: '-1' },
      400,
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range',
      { ...range, query: 'up', step: '0' },
      400,
      'bad_data',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      'query_range',
      { ...range, query: 'up', end: '11001', step: '1' },
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    [
      'query_range',
      { ...range, query: 'up[5m]' },
      400,
      'bad_data',
      'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    ],
  ] as const) {
    const answer = await api.get(path, params);
    assert.deepEqual([answer.status, answer.json], [status, { status: 'error', errorType: type, error }]);
  }
  const many = await api.get('query', { query: 'requests_total * on (method) requests_total', time: '60' });
  assert.deepEqual([many.status, many.json.errorType], [422, 'execution']);
  assert.match(many.json.error ?? '', /^found duplicate series for the match group/);
});

test('11,000 steps are the most, and 11,000 are answered', async (t) => {
  const api = await apiServer(t, {});
  const { status, json } = await api.get('query_range', { query: '1', start: '0', end: '11000', step: '1' });
  assert.equal(status, 200);
  const { result } = json.data as { result: { values: unknown[] }[] };
  assert.equal(result[0]?.values.length, 11_001);
});

test('warnings and infos are returned with the data, each with its location', async (t) => {
  const api = await apiServer(t, { series: ['temperature 1 2 3 4 5'] });
  const { json } = await api.get('query', {
    query: 'quantile(2, temperature) + rate(temperature[1m])',
    time: '60',
  });
  assert.deepEqual(json.warnings, ['PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)']);
  assert.equal(json.infos?.length, 1);
  assert.match(json.infos?.[0] ?? '', /^PromQL info: metric might not be a counter.*"temperature" \(1:33\)$/);
});

test('a limit cuts the series, with a warning', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const [path, params] of [
    ['query', { query: 'requests_total', time: '60' }],
    ['query_range', { query: 'requests_total', start: '0', end: '60', step: '15' }],
  ] as const) {
    const cut = await api.get(path, { ...params, limit: '1' });
    assert.equal((cut.json.data as { result: unknown[] }).result.length, 1);
    assert.deepEqual(cut.json.warnings, ['results truncated due to limit']);
    const whole = await api.get(path, { ...params, limit: '2' });
    assert.equal(whole.json.warnings, undefined);
  }
});

test('a form by POST asks the same as the address, and its fields come first', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const params = { query: 'requests_total', time: '60' };
  assert.equal((await api.post('query', params)).text, (await api.get('query', params)).text);
  const range = { query: 'requests_total', start: '0', end: '60', step: '15' };
  assert.equal((await api.post('query_range', range)).text, (await api.get('query_range', range)).text);
  const response = await fetch(`${api.url}/api/v1/query?query=1&time=5`, {
    method: 'POST',
    body: new URLSearchParams({ query: '2' }),
  });
  assert.equal(await response.text(), '{"status":"success","data":{"resultType":"scalar","result":[5,"2"]}}');
});

test('a lookback can be asked for', async (t) => {
  const api = await apiServer(t, { series: ['x 1'] });
  const count = async (params: Record<string, string>): Promise<number> => {
    const { json } = await api.get('query', { query: 'x', ...params });
    return (json.data as { result: unknown[] }).result.length;
  };
  assert.equal(await count({ time: '200' }), 1);
  assert.equal(await count({ time: '200', lookback_delta: '1m' }), 0);
  assert.equal(await count({ time: '500', lookback_delta: '600' }), 1);
});

test('what would hold up the monitor is refused before it begins', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const query of [
    'count_over_time(vector(1)[1y:1ms])',
    'max_over_time(max_over_time(vector(1)[1h:1s])[1h:1s])',
  ]) {
    const { status, json } = await api.get('query', { query, time: '60' });
    assert.deepEqual([status, json.errorType], [422, 'execution'], query);
    assert.match(json.error ?? '', /expressions in one step/);
  }
});

test('a query that takes longer than its timeout ends with it, and the next one has its turn', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const slow = {
    query: 'sum_over_time(sum(requests_total)[1h:1s])',
    start: '0',
    end: '100000',
    step: '10',
    timeout: '50ms',
  };
  const [first, second] = await Promise.all([
    api.get('query_range', slow),
    api.get('query', { query: '1', time: '0' }),
  ]);
  assert.deepEqual([first.status, first.json.errorType], [503, 'timeout']);
  assert.match(first.json.error ?? '', /^query timed out in (expression evaluation|query queue)$/);
  assert.equal(second.status, 200);
});

test('slices grow while they are fast, shrink when they are slow, and all else has its turn between them', async (t) => {
  const { store } = await apiServer(t, { series: SERIES });
  const expr = parse('requests_total');
  const times = { fromMs: 0, toMs: 99_000, stepMs: 1000 };
  for (const [tookMs, sizes] of [
    [0, [1, 2, 4, 8, 16, 32, 37]],
    [7, Array.from({ length: 100 }, () => 1)],
  ] as const) {
    let nowMs = 0;
    let turns = 0;
    const yieldTurn = (): Promise<void> => {
      turns++;
      return Promise.resolve();
    };
    const runner = new QueryRunner({ store, subqueryStepMs: 15_000, monotonicMs: () => nowMs, yieldTurn });
    const found: number[] = [];
    await runner.range(expr, times, 30_000, ({ series }) => {
      nowMs += tookMs;
      found.push(series[0]?.points.length ?? 0);
    });
    assert.deepEqual(found, sizes);
    assert.equal(turns, sizes.length + 1);
  }
  let nowMs = 0;
  const runner = new QueryRunner({ store, subqueryStepMs: 15_000, monotonicMs: () => nowMs });
  const found: number[] = [];
  await runner.range(expr, times, 30_000, ({ series }) => {
    found.push(series[0]?.points.length ?? 0);
    if (found.length > 4) nowMs += 20;
  });
  assert.deepEqual(found.slice(0, 8), [1, 2, 4, 8, 16, 8, 4, 2]);
});

test('times beyond every date are refused: their steps would be lost in rounding', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const far of ['1e300', '-1e300', '9e12', '1e999']) {
    const range = await api.get('query_range', { query: 'time()', start: far, end: far, step: '1' });
    assert.deepEqual([range.status, range.json.errorType], [400, 'bad_data'], far);
    assert.equal((await api.get('query', { query: 'time()', time: far })).status, 400, far);
  }
  const last = await api.get('query_range', { query: '1', start: '8.64e12', end: '8.64e12', step: '0.001' });
  assert.equal(last.status, 200);
});

/** So many series with one sample at 0, each read of which calls `onRead`. */
function watchedSeries(count: number, onRead: () => void): Queryable {
  const series = Array.from({ length: count }, (_, i): SeriesView => ({
    labels: Labels.from({ __name__: 'x', i: String(i) }),
    get times() {
      onRead();
      return Float64Array.of(0);
    },
    values: Float64Array.of(1),
    from: 0,
    to: 1,
    hasStale: false,
    isStale: () => false,
    startAt: () => 0,
    uniformStart: () => 0,
  }));
  return { select: () => series };
}

test('steps that take too long together are tried in a smaller slice; one that does ends the query', async () => {
  const expr = parse('sum(last_over_time(x[5m]))');
  const times = { fromMs: 0, toMs: 9000, stepMs: 1000 };
  let nowMs = 0;
  const sizes: number[] = [];
  // The evaluator looks at the clock every 1,024 ranges: in a slice of four steps and not in one of two.
  const together = new QueryRunner({
    store: watchedSeries(300, () => {
      if (sizes.length === 2 && nowMs === 0) nowMs = 1000;
    }),
    subqueryStepMs: 15_000,
    monotonicMs: () => nowMs,
  });
  await together.range(expr, times, 30_000, ({ series }) => void sizes.push(series[0]?.points.length ?? 0));
  assert.deepEqual(sizes, [1, 2, 2, 4, 1]);

  const alone = new QueryRunner({
    store: watchedSeries(3000, () => {
      nowMs += 1;
    }),
    subqueryStepMs: 15_000,
    monotonicMs: () => nowMs,
  });
  await assert.rejects(
    alone.range(expr, times, 30_000, () => {}),
    { type: 'timeout', message: 'query timed out in expression evaluation' },
  );
});

test('a hundred queries may wait, and the next one is refused at once', async (t) => {
  const { store } = await apiServer(t, { series: SERIES });
  const { promise: hold, resolve: go } = Promise.withResolvers<void>();
  const runner = new QueryRunner({ store, subqueryStepMs: 15_000, yieldTurn: () => hold });
  const waiting = Array.from({ length: 100 }, () => runner.instant(parse('1'), 0, 30_000));
  await assert.rejects(runner.instant(parse('1'), 0, 30_000), { type: 'unavailable' });
  go();
  assert.equal((await Promise.all(waiting)).length, 100);
  assert.deepEqual((await runner.instant(parse('1'), 0, 30_000)).value, { kind: 'scalar', value: 1 });
});

test('an answer of too many points ends before it fills the memory', () => {
  const text = new MatrixText(5);
  const series = [{ labels: Labels.empty, points: [1, 2, 3].map((timeMs) => ({ timeMs, value: 1 })) }];
  text.add({ kind: 'matrix', series });
  assert.throws(() => text.add({ kind: 'matrix', series }), {
    type: 'execution',
    message: 'query processing would load too many samples into memory in query execution',
  });
});

test('the token guards every address, by POST as well, before anything is read', async (t) => {
  const api = await apiServer(t, { token: 'api-token' });
  const paths = [
    'query',
    'query_range',
    'series',
    'labels',
    'label/x/values',
    'rules',
    'alerts',
    'metadata',
    'status/buildinfo',
  ];
  for (const path of paths) assert.equal((await api.get(path)).status, 401, path);
  assert.equal((await api.post('query', { query: '1' })).status, 401);
  const headers = { authorization: 'Bearer api-token' };
  assert.equal((await fetch(`${api.url}/api/v1/query?query=1`, { headers })).status, 200);
});

test('a form of another type, too large or too long to come is refused', async (t) => {
  const api = await apiServer(t, {});
  const url = `${api.url}/api/v1/query`;
  const json = await fetch(url, {
    method: 'POST',
    body: '{"query":"1"}',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(json.status, 415);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const zipped = await fetch(url, {
    method: 'POST',
    body: 'x',
    headers: { ...form, 'content-encoding': 'gzip' },
  });
  assert.equal(zipped.status, 415);
  const large = `query=1&x=${'y'.repeat(1_048_576)}`;
  assert.equal((await fetch(url, { method: 'POST', body: large, headers: form })).status, 413);
  // Without a length nothing is known before it comes.
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: form }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    for (let i = 0; i < 20; i++) request.write('z'.repeat(65_536));
    request.end();
  });
  assert.equal(status, 413);
  const upper = await fetch(url, {
    method: 'POST',
    body: 'query=1',
    headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' },
  });
  assert.equal(upper.status, 200);
});

test('addresses without a form take no POST, and none takes anything else', async (t) => {
  const api = await apiServer(t, {});
  const rules = await fetch(`${api.url}/api/v1/rules`, { method: 'POST' });
  assert.deepEqual([rules.status, rules.headers.get('allow')], [405, 'GET, HEAD']);
  const query = await fetch(`${api.url}/api/v1/query`, { method: 'DELETE' });
  assert.deepEqual([query.status, query.headers.get('allow')], [405, 'GET, HEAD, POST']);
});
