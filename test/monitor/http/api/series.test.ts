import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiServer } from '../../../helpers/api/api-server.ts';

const SERIES = [
  'up{job="b",instance="1"} 1 1 1',
  'up{job="a"} 1 1 1',
  'late{job="c","http.status"="200"} _ _ _ _ 5',
];

test('series are label sets in order, each once whatever selectors find it', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const expected = [
    { __name__: 'up', instance: '1', job: 'b' },
    { __name__: 'up', job: 'a' },
  ];
  const params = { 'match[]': ['up', '{job=~"a|b"}'] };
  assert.deepEqual((await api.get('series', params)).json, { status: 'success', data: expected });
  assert.deepEqual((await api.post('series', params)).json.data, expected);
});

test('start and end choose the series that have samples between them', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const names = async (params: Record<string, string>): Promise<unknown> =>
    (await api.get('label/__name__/values', params)).json.data;
  assert.deepEqual(await names({}), ['late', 'up']);
  assert.deepEqual(await names({ start: '40' }), ['late']);
  assert.deepEqual(await names({ end: '30' }), ['up']);
  assert.deepEqual(await names({ start: '1970-01-01T00:01:00Z', end: '60' }), ['late']);
  assert.deepEqual(
    await names({ start: '-292273086-05-16T16:47:06Z', end: '292277025-08-18T07:12:54.999999999Z' }),
    ['late', 'up'],
  );
});

test('labels and values of labels are sorted and can be narrowed by selectors', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  const data = async (path: string, params = {}): Promise<unknown> => (await api.get(path, params)).json.data;
  assert.deepEqual(await data('labels'), ['__name__', 'http.status', 'instance', 'job']);
  assert.deepEqual(await data('labels', { 'match[]': 'up{instance=""}' }), ['__name__', 'job']);
  assert.deepEqual(await data('label/job/values'), ['a', 'b', 'c']);
  assert.deepEqual(await data('label/job/values', { 'match[]': ['late', 'up{job="b"}'] }), ['b', 'c']);
  assert.deepEqual(await data('label/nothing/values'), []);
  const posted = await api.post('labels', { 'match[]': 'late' });
  assert.deepEqual(posted.json.data, ['__name__', 'http.status', 'job']);
});

test('names of labels beyond ASCII come percent-encoded or escaped', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const name of ['http.status', 'http%2Estatus', 'U__http_2e_status']) {
    assert.deepEqual((await api.get(`label/${name}/values`)).json.data, ['200'], name);
  }
  const { status, json } = await api.get('label/%ff/values');
  assert.deepEqual([status, json.errorType], [400, 'bad_data']);
  assert.equal((await api.get('label//values')).status, 404);
  assert.equal((await api.get('label/a/b/values')).status, 404);
});

test('a limit cuts the response, with a warning', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const [path, params] of [
    ['series', { 'match[]': 'up' }],
    ['labels', {}],
    ['label/job/values', {}],
  ] as const) {
    const { json } = await api.get(path, { ...params, limit: '1' });
    assert.equal((json.data as unknown[]).length, 1);
    assert.deepEqual(json.warnings, ['results truncated due to limit']);
  }
});

test('selectors that select everything, or are none, are refused', async (t) => {
  const api = await apiServer(t, { series: SERIES });
  for (const [path, match, error] of [
    ['series', undefined, 'no match[] parameter provided'],
    ['series', '{}', 'invalid parameter "match[]": match[] must contain at least one non-empty matcher'],
    [
      'series',
      '{job=~".*"}',
      'invalid parameter "match[]": match[] must contain at least one non-empty matcher',
    ],
    ['series', 'sum(up)', 'invalid parameter "match[]": 1:4: parse error: unexpected "("'],
    ['series', 'up offset 5m', 'invalid parameter "match[]": 1:4: parse error: unexpected <offset>'],
    ['labels', '', 'unknown position: parse error: unexpected end of input'],
    ['label/job/values', 'up{', '1:4: parse error: unexpected end of input inside braces'],
  ] as const) {
    const answer = await api.get(path, match === undefined ? {} : { 'match[]': match });
    assert.deepEqual([answer.status, answer.json], [400, { status: 'error', errorType: 'bad_data', error }]);
  }
});
