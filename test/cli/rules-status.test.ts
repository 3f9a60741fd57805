import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultGroups } from '../../src/alerts/default-rules/index.ts';
import { apiServer } from '../helpers/api/api-server.ts';
import { Rig } from '../helpers/alerts/rig.ts';
import { cli } from '../helpers/cli/cli.ts';

const RULES = `groups:
  - name: load
    rules:
      - { alert: High, expr: load > 5, labels: { severity: page } }
      - { alert: Slow, expr: load > 5, for: 5m }
      - { alert: Broken, expr: load * on () load }
      - { alert: Quiet, expr: load > 100 }
      - { alert: Blind, expr: nothing > 100 }
      - { record: load:double, expr: load * 2 }
`;

test('rules are listed by state, with their alerts, and inactive ones only when asked for', async (t) => {
  const api = await apiServer(t, { rules: RULES, token: 'status-token' });
  api.rig.gauge('load', 7, { host: 'a' }).gauge('load', 1, { host: 'b' });
  await api.rig.until(60);
  const context = {
    env: { MONITORING_METRICS_TOKEN: 'status-token' },
    nowMs: Rig.beginMs + 60_000,
  };
  const { code, out } = await cli(['rules', 'status', '--url', `${api.url}/metrics`], context);
  assert.equal(code, 1, 'a rule is broken');
  const lines = out.split('\n');
  assert.equal(lines[0], 'firing   High    load  1 alert');
  assert.match(
    lines[1] ?? '',
    /^ {2}firing for \d+s: \{host="a", severity="page"\} = 7$|^ {2}firing for 1m: /,
  );
  assert.equal(lines[2], 'pending  Slow    load  1 alert');
  assert.match(lines[4] ?? '', /^error {4}Broken {2}load {2}.*duplicate series/);
  assert.match(lines[5] ?? '', /^no data {2}Blind {3}load {2}its selectors match no series$/);
  assert.equal(lines[6], '6 rules: 1 firing, 1 pending, 1 error, 1 no data, 1 inactive, 1 recorded');
  const all = await cli(['rules', 'status', '--url', api.url, '--all'], context);
  assert.match(all.out, /^inactive {2}Quiet/m);
  const json = await cli(['rules', 'status', '--url', api.url, '--json'], context);
  assert.equal((JSON.parse(json.out) as { ok: boolean }).ok, false);
});

test('a default rule without its metrics shows what it waits for', async (t) => {
  const { store, rig } = await apiServer(t, {});
  rig.evaluator.setGroups(defaultGroups());
  const api = await apiServer(t, { api: { store, evaluator: rig.evaluator } });
  const { code, out } = await cli(['rules', 'status', '--url', api.url]);
  assert.equal(code, 0);
  assert.match(out, /^waiting .*waits for ai_requests_total/m);
});

test('without an address the monitor of this environment is asked', async (t) => {
  const api = await apiServer(t, { rules: RULES });
  const { port } = new URL(api.url);
  const env = { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0', OTEL_EXPORTER_PROMETHEUS_PORT: port };
  const { code, out } = await cli(['rules', 'status'], { env });
  assert.equal(code, 0);
  assert.match(out, /^6 rules: /m);
});

test('no monitor, a wrong token and another server are each reported', async (t) => {
  const api = await apiServer(t, { token: 'status-token' });
  for (const [url, env, expected] of [
    [api.url, {}, /status 401, credentials required/],
    [`${api.url}/elsewhere`, { MONITORING_METRICS_TOKEN: 'status-token' }, /not a Prometheus API/],
    ['http://127.0.0.1:9', {}, /ECONNREFUSED|bad port/],
  ] as const) {
    const { code, out, err } = await cli(['rules', 'status', '--url', url], { env });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, expected);
  }
});
