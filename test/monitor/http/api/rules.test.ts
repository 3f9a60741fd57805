import assert from 'node:assert/strict';
import { catalogue } from '../../../../src/metrics/catalogue.ts';
import { test } from 'node:test';
import { apiServer, type ApiServer } from '../../../helpers/api/api-server.ts';

const RULES = `groups:
  - name: load
    interval: 30s
    rules:
      - record: load:double
        expr: load * 2
        labels: { unit: x }
      - alert: LoadHigh
        expr: load > 5
        for: 1m
        labels: { severity: page }
        annotations: { summary: "{{ $labels.host }} has {{ $value }}" }
  - name: broken
    rules:
      - alert: Broken
        expr: load * on () load
`;

async function evaluated(t: Parameters<typeof apiServer>[0]): Promise<ApiServer> {
  const api = await apiServer(t, { rules: RULES });
  api.rig.gauge('load', 7, { host: 'a' }).gauge('load', 1, { host: 'b' });
  await api.rig.until(30);
  return api;
}

interface Group {
  readonly name: string;
  readonly rules: readonly Record<string, unknown>[];
}

test('rules have the fields of Prometheus, with their alerts', async (t) => {
  const api = await evaluated(t);
  const { json } = await api.get('rules');
  const { groups } = json.data as { groups: (Group & Record<string, unknown>)[] };
  const [load] = groups;
  assert.deepEqual(
    { ...load, rules: [], evaluationTime: typeof load?.['evaluationTime'] },
    {
      name: 'load',
      file: 'rules.yml',
      rules: [],
      interval: 30,
      evaluationTime: 'number',
      lastEvaluation: '2026-11-24T06:00:30.000Z',
    },
  );
  const [record, alert] = load?.rules ?? [];
  assert.deepEqual(record, {
    name: 'load:double',
    query: 'load * 2',
    labels: { unit: 'x' },
    health: 'ok',
    evaluationTime: 0,
    lastEvaluation: '2026-11-24T06:00:30.000Z',
    type: 'recording',
    source: 'rules.yml:5:9',
    lastSamples: 2,
    lastSeriesFetched: 2,
  });
  assert.deepEqual(alert, {
    state: 'pending',
    name: 'LoadHigh',
    query: 'load > 5',
    duration: 60,
    labels: { severity: 'page' },
    annotations: { summary: '{{ $labels.host }} has {{ $value }}' },
    alerts: [
      {
        labels: { alertname: 'LoadHigh', host: 'a', severity: 'page' },
        annotations: { summary: 'a has 7' },
        state: 'pending',
        activeAt: '2026-11-24T06:00:00.000Z',
        value: '7e+00',
      },
    ],
    health: 'ok',
    evaluationTime: 0,
    lastEvaluation: '2026-11-24T06:00:30.000Z',
    type: 'alerting',
    source: 'rules.yml:8:9',
    lastSamples: 1,
    lastSeriesFetched: 2,
  });
  const broken = groups[1]?.rules[0];
  assert.deepEqual([broken?.['health'], broken?.['state']], ['err', 'inactive']);
  assert.match(String(broken?.['lastError']), /found duplicate series/);
});

test('alerts are the pending and firing ones; resolved ones are gone', async (t) => {
  const api = await evaluated(t);
  const states = async (): Promise<unknown> => {
    const { json } = await api.get('alerts');
    return (json.data as { alerts: { state: string }[] }).alerts.map(({ state }) => state);
  };
  assert.deepEqual(await states(), ['pending']);
  await api.rig.until(60);
  assert.deepEqual(await states(), ['firing']);
  api.rig.gauge('load', 2, { host: 'a' });
  await api.rig.until(90);
  assert.deepEqual(await states(), []);
});

test('rules are chosen by type, name, group and file', async (t) => {
  const api = await evaluated(t);
  const names = async (params: Record<string, string | readonly string[]>): Promise<unknown> => {
    const { json } = await api.get('rules', params);
    return (json.data as { groups: Group[] }).groups.flatMap(({ rules }) => rules.map(({ name }) => name));
  };
  assert.deepEqual(await names({ type: 'record' }), ['load:double']);
  assert.deepEqual(await names({ type: 'alert' }), ['LoadHigh', 'Broken']);
  assert.deepEqual(await names({ 'rule_name[]': ['Broken', 'load:double'] }), ['load:double', 'Broken']);
  assert.deepEqual(await names({ 'rule_group[]': 'broken' }), ['Broken']);
  assert.deepEqual(await names({ 'file[]': 'other.yml' }), []);
  const { json } = await api.get('rules', { exclude_alerts: 'true', type: 'alert' });
  assert.ok(!JSON.stringify(json.data).includes('"alerts"'));
  for (const [params, error] of [
    [{ type: 'x' }, 'invalid parameter "type": not supported value "x"'],
    [
      { exclude_alerts: 'x' },
      'invalid parameter "exclude_alerts": error converting exclude_alerts: strconv.ParseBool: parsing "x": invalid syntax',
    ],
  ] as const) {
    const answer = await api.get('rules', params);
    assert.deepEqual([answer.status, answer.json.error], [400, error]);
  }
});

test('what rules write can be asked for', async (t) => {
  const api = await evaluated(t);
  const { json } = await api.get('query', { query: 'load:double or ALERTS' });
  const { result } = json.data as { result: { metric: Record<string, string> }[] };
  assert.deepEqual(
    result.map(({ metric }) => metric['__name__']),
    ['load:double', 'load:double', 'ALERTS'],
  );
});

test('metadata are those of the catalogue and of the monitor itself', async (t) => {
  const api = await apiServer(t, {});
  const data = async (params = {}): Promise<Record<string, unknown>> =>
    (await api.get('metadata', params)).json.data as Record<string, unknown>;
  const all = await data();
  assert.deepEqual(all['http_request_duration_seconds'], [
    { type: 'histogram', help: 'HTTP request duration', unit: '' },
  ]);
  assert.deepEqual(all['db_connections'], [{ type: 'gauge', help: 'Database connections', unit: '' }]);
  assert.deepEqual(all['monitoring_agents'], [{ type: 'gauge', help: catalogue.agents.help, unit: '' }]);
  assert.ok('ALERTS' in all);
  assert.deepEqual(Object.keys(await data({ metric: 'ai_tokens_total' })), ['ai_tokens_total']);
  assert.equal(Object.keys(await data({ limit: '2' })).length, 2);
  assert.deepEqual(await data({ metric: 'nothing' }), {});
  const { status, json } = await api.get('metadata', { limit: 'x' });
  assert.deepEqual([status, json.error], [400, 'limit must be a number']);
});

test('buildinfo names an API that Grafana knows, and us', async (t) => {
  const api = await apiServer(t, {});
  const { json } = await api.get('status/buildinfo');
  const { version, revision } = json.data as { version: string; revision: string };
  assert.match(version, /^3\./);
  assert.equal(revision, 'geometra-monitoring 1.2.3');
});
