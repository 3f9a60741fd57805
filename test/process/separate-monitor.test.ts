import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const CLI = join(REPOSITORY, 'dist', 'cli.mjs');

test('a separate monitor takes a running service over, outlives it, reports how it ended, and hands back', async () => {
  const cwd = temporaryFolder('separate');
  const env = { OTEL_SERVICE_NAME: 'shop', MONITORING_RULES_INTERVAL: '200ms' };
  await using service = new Service(fixture('web.cjs'), { cwd, env });
  const url = await service.url();
  await fetch(url);
  await service.metricsWith(/status="200"\} 1$/m);

  await using monitor = new Service(CLI, { cwd, env, nodeArgs: [], args: ['monitor'] });
  await monitor.metricsWith(/^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} 1$/m);
  await service.line(/a separate monitor takes over from this one/, 'stderr');
  await fetch(url);
  await monitor.metricsWith(/status="200"\} 2$/m);

  await using other = new Service(fixture('web.cjs'), { cwd, env });
  await fetch(await other.url());
  await monitor.metricsWith(/^monitoring_agents 2$/m);
  other.kill('SIGKILL');
  await monitor.line(new RegExp(`process ${other.child.pid} of shop was killed or crashed`), 'stderr');
  await monitor.metricsWith(/^monitoring_process_ends_total\{kind="killed"\} 1$/m);
  const page = await monitor.metrics();
  assert.match(page, /^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} 3$/m);

  const before = service.stderr.length;
  monitor.kill('SIGTERM');
  assert.deepEqual(await monitor.ended(), { code: 0, signal: null });
  const [, next] = await service.until(
    () => /metrics on (http:\S+)\/metrics/.exec(service.stderr.slice(before)) ?? undefined,
    'the monitor of the service again',
  );
  const after = await (await fetch(`${next}/metrics`)).text();
  assert.match(after, /^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} \d$/m);
  rmSync(cwd, { recursive: true, force: true });
});

test('a service that no longer runs is reported by its separate monitor', async () => {
  const cwd = temporaryFolder('service-down');
  const env = {
    OTEL_SERVICE_NAME: 'shop',
    MONITORING_RULES_INTERVAL: '200ms',
    MONITORING_RULES: 'rules.yml',
  };
  writeFileSync(
    join(cwd, 'rules.yml'),
    '- name: Down\n  condition: monitoring_agents == 0\n  duration: 1s\n',
  );
  await using monitor = new Service(CLI, { cwd, env, nodeArgs: [], args: ['monitor'] });
  await monitor.monitorUrl();
  await using service = new Service(fixture('web.cjs'), { cwd, env });
  await monitor.metricsWith(/^monitoring_agents 1$/m);
  service.kill('SIGKILL');
  await monitor.metricsWith(/^ALERTS\{alertname="Down",.*alertstate="firing"\} 1$/m);
});

test('how a process ended is logged and counted: with its exit code, or 143 after a SIGTERM', async () => {
  const cwd = temporaryFolder('process-ends');
  const env = { OTEL_SERVICE_NAME: 'shop', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  await using monitor = new Service(CLI, { cwd, env, nodeArgs: [], args: ['monitor'] });
  await monitor.monitorUrl();
  await using service = new Service(fixture('web.cjs'), { cwd, env });
  await service.url();
  await monitor.metricsWith(/^monitoring_agents 1$/m);
  service.kill('SIGTERM');
  assert.deepEqual(await service.ended(), { code: null, signal: 'SIGTERM' });
  await monitor.line(new RegExp(`process ${service.child.pid} of shop ended with code 143`), 'stderr');
  await monitor.metricsWith(/^monitoring_process_ends_total\{kind="signal"\} 1$/m);
});
