import { rmSync } from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isRecordLine } from '../../src/spool/record-line.ts';
import { type LogCollector, ok, type Respond, startCollector } from './log-collector.ts';
import { fixture, REPOSITORY, Service } from './service.ts';
import { until } from './until.ts';

/** What became of the records of all runs, by uid. */
export interface Fates {
  readonly kills: number;
  /** Records whose log call had returned. */
  readonly logged: number;
  /** Of those, and of the ones that were cut off after they were written. */
  readonly delivered: number;
  readonly refused: number;
  readonly keptInSpool: number;
  /** Logged, and in none of them. */
  readonly missing: readonly string[];
  /** Arrived more than once: a request under way when the sender was killed comes again, with the same uids. */
  readonly deliveredAgain: number;
  /** Lines in the daily files that are missing or there twice. */
  readonly linesMissing: number;
  readonly linesDoubled: number;
}

/** How the collector behaves during one run. */
const BEHAVIOURS: readonly { readonly name: string; readonly respond: Respond }[] = [
  { name: 'up', respond: () => ok() },
  { name: 'down', respond: () => 'drop' },
  {
    name: 'slow',
    respond: async () => {
      await pause(300);
      return ok();
    },
  },
  { name: '400', respond: () => ({ status: 400, body: 'no' }) },
  { name: '429', respond: () => ({ status: 429, headers: { 'retry-after': '1' } }) },
  { name: '503', respond: () => ({ status: 503 }) },
];

const PACKAGE = join(REPOSITORY, 'dist', 'index.cjs');

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** Bodies of the record lines in these files. */
function bodiesIn(files: readonly string[]): string[] {
  return files
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter(isRecordLine)
    .flatMap((line) => {
      try {
        return [(JSON.parse(line) as { b: string }).b];
      } catch {
        return []; // Cut off: its log call had not returned.
      }
    });
}

/** Whether a segment of a killed process is still there. */
function hasOldRecords(spool: string): boolean {
  try {
    return bodiesIn(filesBelow(spool, '.seg')).some((body) => /^r\d/.test(body));
  } catch {
    return true; // Deleted while it was read.
  }
}

interface Random {
  /** From 0 to 1. */
  next(): number;
}

/** The same moments in every run (mulberry32). */
function random(seed: number): Random {
  let state = seed;
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

async function killOnce(
  run: number,
  cwd: string,
  collector: LogCollector,
  delayMs: number,
): Promise<string[]> {
  const behaviour = BEHAVIOURS[run % BEHAVIOURS.length];
  if (behaviour) collector.respond = behaviour.respond;
  const env = {
    MONITORING_PACKAGE: PACKAGE,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace('/v1/logs', ''),
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_SERVICE_NAME: basename(cwd),
  };
  await using service = new Service(fixture('record-rate.cjs'), { args: [String(run)], env, cwd });
  await until(() => service.stdout.includes('\n'), { what: () => `a first record; ${service.stderr}` });
  await pause(delayMs);
  service.kill('SIGKILL');
  await service.ended();
  return service.stdout
    .split('\n')
    .slice(0, -1)
    .map((number) => `r${run} ${number}`);
}

/** Kills a service again and again at random moments, lets one more ship what is left, and counts. */
export async function recordFates(t: TestContext, kills: number, mostMs = 1000): Promise<Fates> {
  // Its name is that of the service: two runs at a time share no monitor.
  const cwd = mkdtempSync(join(tmpdir(), 'monitoring-fates-'));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const collector = await startCollector(t);
  const moments = random(20_261_128);
  const logged: string[] = [];
  for (let run = 0; run < kills; run++) {
    logged.push(...(await killOnce(run, cwd, collector, moments.next() * mostMs)));
  }
  const spool = join(cwd, 'logs', 'spool', basename(cwd));
  collector.respond = () => ok();
  await using last = new Service(fixture('record-rate.cjs'), {
    args: ['last'],
    env: {
      MONITORING_PACKAGE: PACKAGE,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace('/v1/logs', ''),
      OTEL_SERVICE_NAME: basename(cwd),
    },
    cwd,
  });
  await until(() => !hasOldRecords(spool), {
    deadlineMs: 120_000,
    what: () => `no segment of a killed process; there are ${filesBelow(spool, '.seg').length}`,
  });
  last.kill('SIGKILL');
  await last.ended();

  const taken = collector.taken.filter(({ body }) => /^r\d+ \d+$/.test(body));
  const delivered = new Set(taken.map(({ body }) => body));
  const refused = new Set(bodiesIn(filesBelow(spool, '.jsonl')));
  const kept = new Set(bodiesIn(filesBelow(spool, '.seg')));
  const lines = filesBelow(join(cwd, 'logs'), '.log')
    .filter((file) => /api_\d{8}\.log$/.test(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .map((line) => line.split(' - ')[3] ?? '');
  const counts = new Map<string, number>();
  for (const body of lines) counts.set(body, (counts.get(body) ?? 0) + 1);
  return {
    kills,
    logged: logged.length,
    delivered: logged.filter((body) => delivered.has(body)).length,
    refused: logged.filter((body) => refused.has(body) && !delivered.has(body)).length,
    keptInSpool: logged.filter((body) => kept.has(body) && !delivered.has(body) && !refused.has(body)).length,
    missing: logged.filter((body) => !delivered.has(body) && !refused.has(body) && !kept.has(body)),
    deliveredAgain: taken.length - delivered.size,
    linesMissing: logged.filter((body) => !counts.has(body)).length,
    linesDoubled: logged.filter((body) => (counts.get(body) ?? 0) > 1).length,
  };
}
