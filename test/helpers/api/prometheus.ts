import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parseSeries } from '../../../src/promql/syntax/parser/series-description.ts';
import { METRIC_NAME } from '../../../src/samples/labels.ts';
import { sampleValue } from '../../../src/monitor/http/api/numbers.ts';
import { builtProgram } from '../cli/programs.ts';

/** Why a test with a real Prometheus is left out, or false. */
export const withoutPrometheus: string | false =
  builtProgram('prometheus') === undefined ? 'not built: npm run stack:install' : false;

/** Series as OpenMetrics text, one sample every 15 s from `second` on. */
function openMetrics(series: readonly string[], second: number): string {
  const lines = series.flatMap((text) => {
    const { labels, points } = parseSeries(text);
    const others = labels.entries().filter(([name]) => name !== METRIC_NAME);
    const head = `${labels.metricName}{${others.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
    return points.flatMap((point, i) =>
      point.kind === 'value' ? [`${head} ${sampleValue(point.value)} ${second + i * 15}`] : [],
    );
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real Prometheus that holds these series; resolves to its address once it answers. */
export async function startPrometheus(
  t: TestContext,
  series: readonly string[],
  second: number,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-prometheus-'));
  writeFileSync(join(folder, 'samples.om'), openMetrics(series, second));
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const create = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    join(folder, 'samples.om'),
    join(folder, 'data'),
  ];
  execFileSync(builtProgram('promtool') ?? '', create, { stdio: 'ignore' });
  const port = await freePort();
  const child = spawn(
    builtProgram('prometheus') ?? '',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries++) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    await ready?.text();
    if (ready?.ok) return url;
    await setTimeout(100);
  }
  throw new Error('Prometheus does not become ready');
}
