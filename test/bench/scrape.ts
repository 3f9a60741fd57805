import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from './child.ts';
import { budget, medianOf, type Bench, type Measures } from './harness.ts';
import { Load, type Request } from './load.ts';
import { peer } from './peers.ts';
import { launch } from './variants.ts';

const SERIES = 1900;
const ROUTES = SERIES / 2;
const WARM_UP_SCRAPES = 5;
const SCRAPES = 20;
/** Longer than any answer may be taken from memory. */
const PAUSE_MS = 150;

const EXPORTER = '@opentelemetry/exporter-prometheus';
const PROM_CLIENT = 'prom-client';
const programs = join(import.meta.dirname, 'programs');

interface Target {
  readonly child: Child;
  readonly url: string;
}

async function readPage(url: string): Promise<string> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

/** Our series come from real requests: each route by two methods. */
async function startOurs(): Promise<Target> {
  const { execArgv, env, metricsUrl = '' } = await launch('ours');
  const child = new Child(join(programs, 'service.cjs'), execArgv, { ...env, BENCH_ROUTES: String(ROUTES) });
  const load = new Load();
  try {
    const port = await child.next<number>('port');
    const requests = Array.from({ length: ROUTES }, (_, n): Request[] => [
      ['GET', `/api/route${n}/1`],
      ['POST', `/api/route${n}/1`],
    ]);
    await load.send(port, requests.flat(), 3);
  } finally {
    await load.stop();
  }
  return { child, url: metricsUrl };
}

async function startPeer(name: string): Promise<Target> {
  const env = {
    BENCH_PEER: peer(name),
    BENCH_SDK: peer('@opentelemetry/sdk-metrics'),
    BENCH_SERIES: String(SERIES),
  };
  const child = new Child(
    join(programs, name === EXPORTER ? 'scrape-otel.cjs' : 'scrape-prom-client.cjs'),
    [],
    env,
  );
  const port = await child.next<number>('port');
  return { child, url: `http://127.0.0.1:${port}/metrics` };
}

async function measureTarget({ child, url }: Target): Promise<Measures> {
  for (let n = 0; n < WARM_UP_SCRAPES; n += 1) await readPage(url);
  const before = await child.settle();
  let page = '';
  for (let n = 0; n < SCRAPES; n += 1) {
    page = await readPage(url);
    await delay(PAUSE_MS);
  }
  const after = await child.usage();
  const series = page.match(/^http_request_duration_seconds_count/gm)?.length ?? 0;
  if (series < SERIES) throw new Error(`${url} shows ${series} series, expected ${SERIES}`);
  return {
    threadMs: (after.threadUs - before.threadUs) / 1000 / SCRAPES,
    cpuMs: (after.cpuUs - before.cpuUs) / 1000 / SCRAPES,
    lines: page.split('\n').length - 1,
  };
}

/** How long the thread of the service is busy with one scrape of 1,900 histogram series. */
export const scrape: Bench = {
  name: 'scrape',
  title: `CPU of a scrape of ${SERIES.toLocaleString('en')} histogram series, ms`,
  unit: 'ms CPU of the service thread per scrape',
  measures: { threadMs: "service's thread", cpuMs: 'all threads', lines: 'lines' },
  variants: ['ours', EXPORTER, PROM_CLIENT],
  runs: 5,
  async measure(variant) {
    const target = variant === 'ours' ? await startOurs() : await startPeer(variant);
    try {
      return await measureTarget(target);
    } finally {
      await target.child.stop();
    }
  },
  budgets: (rounds) => [budget("service's thread busy per scrape, ms", 5, medianOf(rounds, 'threadMs'))],
};
