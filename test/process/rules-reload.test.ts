import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const CLI = join(REPOSITORY, 'dist', 'cli.mjs');
const rule = (name: string): string => `- name: ${name}\n  condition: monitoring_agent_up == 1\n`;

test('a changed rule file is reloaded automatically; an invalid one keeps the previous rules', async () => {
  const cwd = temporaryFolder('reload');
  const file = join(cwd, 'rules.yml');
  writeFileSync(file, rule('First'));
  const env = {
    OTEL_SERVICE_NAME: 'shop',
    MONITORING_RULES: 'rules.yml',
    MONITORING_RULES_INTERVAL: '200ms',
  };
  await using service = new Service(fixture('web.cjs'), { cwd, env });
  await service.metricsWith(/^ALERTS\{alertname="First",.*alertstate="firing"\} 1$/m);

  writeFileSync(file, rule('Second'));
  const page = await service.metricsWith(/^ALERTS\{alertname="Second",.*alertstate="firing"\} 1$/m);
  assert.doesNotMatch(page, /alertname="First"/);

  writeFileSync(file, `${rule('Third')}- name: Broken\n  condition: sum(\n`);
  await service.line(/rules\.yml:4:\d+.*\n.*keeping the previous rules/, 'stderr');
  assert.match(await service.metrics(), /^ALERTS\{alertname="Second",/m);

  await using asked = new Service(CLI, { cwd, env, nodeArgs: [], args: ['rules', 'reload'] });
  assert.equal((await asked.ended()).code, 1);
  writeFileSync(file, rule('Fourth'));
  await using again = new Service(CLI, { cwd, env, nodeArgs: [], args: ['rules', 'reload'] });
  assert.equal((await again.ended()).code, 0, again.stderr);
  await service.metricsWith(/^ALERTS\{alertname="Fourth",.*alertstate="firing"\} 1$/m);
  assert.match(await service.metrics(), /^monitoring_agents 1$/m);
  rmSync(cwd, { recursive: true, force: true });
});

test('other pages are scraped: rules see up, and an alert fires when a page goes away', async () => {
  const cwd = temporaryFolder('scrape');
  const other = createServer((_request, response) => response.end('jobs_done_total{queue="a b"} 7\n'));
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  writeFileSync(
    join(cwd, 'rules.yml'),
    [
      '- name: Seen',
      '  condition: jobs_done_total{job="worker",queue="a b"} == 7',
      '- name: Down',
      '  condition: up{job="worker"} == 0',
      '',
    ].join('\n'),
  );
  const env = {
    MONITORING_RULES: 'rules.yml',
    MONITORING_RULES_INTERVAL: '200ms',
    MONITORING_SCRAPE: `worker=http://${address}`,
  };
  await using service = new Service(fixture('web.cjs'), { cwd, env });
  await service.metricsWith(
    new RegExp(`^ALERTS\\{alertname="Seen",.*instance="${address}".*alertstate="firing"\\} 1$`, 'm'),
  );
  other.closeAllConnections();
  await new Promise((closed) => other.close(closed));
  const page = await service.metricsWith(/^ALERTS\{alertname="Down",.*alertstate="firing"\} 1$/m);
  assert.doesNotMatch(page, /alertname="Seen"/);
  // On a busy machine an answer can take longer than the time-out, which is a short outage of its own.
  const times = (pattern: RegExp): number => service.stderr.match(pattern)?.length ?? 0;
  assert.equal(times(/scraping \S+ failed/g), times(/works again/g) + 1, service.stderr);
  rmSync(cwd, { recursive: true, force: true });
});
