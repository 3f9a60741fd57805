import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { fixture, Service } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

async function ask(url: string, times: number): Promise<number[]> {
  const pids: number[] = [];
  for (let i = 0; i < times; i += 1) {
    // A connection each, so that the primary deals them out.
    const response = await fetch(url, { headers: { connection: 'close' } });
    pids.push(Number(await response.text()));
  }
  return pids;
}

const count = (page: string): number =>
  Number(
    /^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} (\d+)$/m.exec(page)?.[1] ?? 0,
  );

test('cluster workers share one monitor and one sum, which goes on when the leading worker is killed', async () => {
  await using service = new Service(fixture('cluster.cjs'), { args: ['3'] });
  const url = await service.url();
  // The primary, which serves nothing, is observed as well once it has lasted two seconds.
  await service.metricsWith(/^monitoring_agents [34]$/m);
  const pids = await ask(url, 12);
  assert.equal(new Set(pids).size, 3);
  assert.equal(count(await service.metricsWith(/status="200"\} 12$/m)), 12);

  const [, leader] = await service.line(/\/metrics \(process (\d+)\)/, 'stderr');
  const before = service.stderr.length;
  process.kill(Number(leader), 'SIGKILL');
  const [, next] = await service.until(
    () => /metrics on (http:\S+)\/metrics/.exec(service.stderr.slice(before)) ?? undefined,
    'another leader',
  );
  const survivors = await ask(url, 5);
  assert.ok(!survivors.includes(Number(leader)));
  let page = '';
  const seventeen = async (): Promise<boolean> => {
    page = await (await fetch(`${next}/metrics`)).text();
    return count(page) === 17;
  };
  await until(seventeen, { what: () => `17 requests on:\n${page}` });
});

test('P8 the last process removes the socket and its folder', async () => {
  const tmp = temporaryFolder('runtime');
  await using service = new Service(fixture('cluster.cjs'), { args: ['2'], env: { TMPDIR: tmp } });
  await service.metricsWith(/^monitoring_agents 2$/m);
  const folder = readdirSync(tmp).find((name) => name.startsWith('geometra-monitoring-')) ?? '';
  assert.equal(readdirSync(join(tmp, folder)).filter((name) => name.endsWith('.sock')).length, 1);
  service.kill('SIGTERM');
  await service.ended();
  const isRemoved = (): boolean => !existsSync(join(tmp, folder));
  await until(isRemoved, { what: () => `${folder} with ${readdirSync(join(tmp, folder)).join()}` });
});
