import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';
import { folderWith } from '../helpers/cli/cli.ts';
import { until } from '../helpers/until.ts';

// A complete service with the built package: `npm test` builds first.
const TOKEN = 'token-of-the-test';

const RULES = `groups:
  - name: mine
    interval: 200ms
    rules:
      - alert: AnyRequest
        expr: sum(http_requests_total{endpoint="unmatched"}) > 0
      - alert: Never
        expr: http_request_total > 0
`;

function run(...args: readonly string[]): { readonly status: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(REPOSITORY, 'dist', 'cli.mjs'), ...args],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], MONITORING_METRICS_TOKEN: TOKEN } },
  );
  return { status, out: stdout + stderr };
}

test('a preloaded service answers queries, and the commands that ask it', async (t) => {
  const folder = folderWith(t, { 'rules.yml': RULES });
  await using service = new Service(fixture('web.cjs'), {
    env: {
      MONITORING_METRICS_TOKEN: TOKEN,
      MONITORING_RULES: join(folder, 'rules.yml'),
      MONITORING_RULES_INTERVAL: '200ms',
    },
  });
  await fetch(`${await service.url()}/`);
  const monitor = await service.monitorUrl();
  const query = async (): Promise<string> => {
    const response = await fetch(`${monitor}/api/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: new URLSearchParams({ query: 'ALERTS{alertname="AnyRequest",alertstate="firing"}' }),
    });
    return response.text();
  };
  await until(async () => (await query()).includes('"1"]'), { what: 'the alert fires' });
  assert.match(
    await query(),
    /^\{"status":"success","data":\{"resultType":"vector","result":\[\{"metric":\{"__name__":"ALERTS"/,
  );

  const status = run('rules', 'status', '--url', monitor);
  assert.equal(status.status, 0, status.out);
  assert.match(status.out, /^firing +AnyRequest +mine +1 alert$/m);

  writeFileSync(join(folder, 'checked.yml'), RULES);
  const check = run('rules', 'check', join(folder, 'checked.yml'), '--metrics', monitor);
  assert.equal(check.status, 0, check.out);
  assert.match(check.out, /checked\.yml:8:15: warning: no metric is named http_request_total on http/);
  assert.doesNotMatch(check.out, /AnyRequest/);

  const unasked = await fetch(`${monitor}/api/v1/query?query=1`);
  assert.equal(unasked.status, 401);
});
