/**
 * `npm run attack -- [--json] [--count N] [--seconds N] [--seed N] [--only REGEX]`: a service with everything on, under
 * every hostile input of the findings and generated ones, on the loopback. The service answers throughout, rules are
 * evaluated at each interval, memory stays within a bound, nothing dies and nothing is written elsewhere.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../demo/ensure-built.ts';
import { REPOSITORY } from '../helpers/service.ts';
import type { Attack, Attempt } from './attack.ts';
import { clients } from './attacks/clients.ts';
import { extras } from './attacks/extras.ts';
import { files, strayFiles } from './attacks/files.ts';
import { frames } from './attacks/frames.ts';
import { labels } from './attacks/labels.ts';
import { queries } from './attacks/queries.ts';
import type { ProbeReport } from './probe.ts';
import { Random } from './random.ts';
import { RULES_INTERVAL_MS, Target } from './target.ts';

const SETTLE_MS = 2500;
const IDLE_MS = 5000;
const BETWEEN_MS = 100;
const SLOWEST = 4;
const WARM_UP = 100;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const P99_FACTOR = 3;
/** Below this the scheduler of the machine decides, not we. */
const P99_FLOOR_MS = 5;
const MAX_GROWTH_BYTES = 60e6;
/** An evaluation may be seen one look late. */
const MAX_GAP_MS = 2 * RULES_INTERVAL_MS + 500;
const ATTEMPT_MS = 20_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    count: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '90' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string', default: '' },
  },
});
const [count, seconds, seed] = [Number(values.count), Number(values.seconds), Number(values.seed)];
const attacks = [queries, extras, labels, clients, frames, files].filter(({ name }) =>
  new RegExp(values.only).test(name),
);

/** Hostile inputs are shown without doing their work on the terminal. */
const printable = (text: string): string =>
  text.replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

let passed = 0;
let failed = 0;
function row(name: string, problems: readonly string[]): void {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems.slice(0, 5)) console.log(`         ${printable(problem).slice(0, 400)}`);
  if (problems.length > 5) console.log(`         and ${problems.length - 5} more`);
}

/** An attempt has its own end, whatever the target does. */
async function tried(target: Target, attempt: Attempt): Promise<string | undefined> {
  const late = pause(ATTEMPT_MS, `not done after ${ATTEMPT_MS} ms`, { ref: false });
  try {
    const problem = await Promise.race([attempt.run(target), late]);
    return problem === undefined ? undefined : `${attempt.name.slice(0, 200)}: ${problem}`;
  } catch (error) {
    return `${attempt.name.slice(0, 200)}: ${(error as Error).message}`;
  }
}

const percentile = (list: readonly number[], part: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))] ?? Number.NaN;

function largestGap(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((ms, at) => ms - (times[at] as number)));
}

async function missedEvaluations(target: Target): Promise<number> {
  const { text } = await target.ask(target.metricsPort, '/metrics');
  const lines = text.matchAll(/^monitoring_rule_evaluations_missed_total\{[^}]*\} (\S+)$/gm);
  return Array.from(lines, ([, value]) => Number(value)).reduce((sum, value) => sum + value, 0);
}

/** What the attackers compute is not to be measured as the service's delay. Only root can take it back, for the next service. */
function lowerPriority(lower: boolean): void {
  if (process.getuid?.() === 0) setPriority(lower ? 10 : 0);
}

/** Harmless requests as large as the hostile ones: what a service takes for reading them is not our growth. */
async function warmUp(target: Target): Promise<void> {
  for (let n = 0; n < WARM_UP; n++) {
    const acts = Array.from({ length: 50 }, () => ({ act: 'ping', padding: 'x'.repeat(10_000) }));
    await target.act(acts);
    await target.ask(target.metricsPort, '/api/v1/query', {
      body: 'query=sum(db_queries_total)',
      headers: FORM,
    });
  }
}

/** A fresh service, watched: idle first, then under `act`; every stage is judged by the same rows. */
async function stage(name: string, act: (target: Target) => Promise<void>): Promise<void> {
  using target = await Target.start(name === extras.name);
  const probe = fork(
    join(import.meta.dirname, 'probe.ts'),
    [target.port, target.metricsPort, target.pid].map(String),
  );
  const report = async (): Promise<ProbeReport> => {
    probe.send('report');
    const [answer] = (await once(probe, 'message')) as [ProbeReport];
    return answer;
  };
  try {
    await warmUp(target);
    await pause(SETTLE_MS);
    await report();
    await pause(IDLE_MS);
    const idle = await report();
    const missedBefore = await missedEvaluations(target);
    lowerPriority(true);
    await act(target);
    lowerPriority(false);
    const under = await report();
    judge(name, target, idle, under, (await missedEvaluations(target)) - missedBefore);
    const end = await target.stop();
    row(
      `${name}: SIGTERM ends the service as it does bare`,
      end === 'null SIGTERM' ? [] : [`ended with ${end}`],
    );
  } finally {
    probe.kill();
  }
}

/** All that is known of one kind, one after the other. */
async function known(target: Target, attack: Attack): Promise<void> {
  const problems: string[] = [];
  const took: (readonly [ms: number, name: string])[] = [];
  for (const attempt of attack.known) {
    if (target.end !== undefined) {
      problems.push(`the service has ended before: ${attempt.name}`);
      break;
    }
    const fromMs = performance.now();
    const problem = await tried(target, attempt);
    took.push([performance.now() - fromMs, attempt.name]);
    if (problem !== undefined) problems.push(problem);
    await pause(BETWEEN_MS);
  }
  row(`${attack.name}: ${attack.known.length} known`, problems);
  const slowest = took.toSorted(([a], [b]) => b - a).slice(0, SLOWEST);
  console.log(`       slowest: ${slowest.map(([ms, name]) => `${name} ${ms.toFixed(0)} ms`).join(', ')}`);
}

/** Generated ones of all kinds side by side, until the count or the time is over. */
async function generated(target: Target): Promise<void> {
  const endMs = performance.now() + seconds * 1000;
  const weights = attacks.reduce((sum, { weight }) => sum + weight, 0);
  // Kinds without a weight take their time; they go on as long as the others.
  let others = attacks.filter(({ weight }) => weight > 0).length;
  const run = async (attack: Attack): Promise<number> => {
    const random = new Random(seed + attack.name.length);
    const most =
      attack.weight === 0 ? Number.POSITIVE_INFINITY : Math.round((count * attack.weight) / weights);
    const problems: string[] = [];
    let done = 0;
    const goesOn = (): boolean =>
      done < most &&
      performance.now() < endMs &&
      target.end === undefined &&
      (attack.weight > 0 || others > 0);
    const one = async (): Promise<void> => {
      while (goesOn()) {
        const attempt = attack.generate(random);
        done += attempt.inputs ?? 1;
        const problem = await tried(target, attempt);
        if (problem !== undefined) problems.push(problem);
      }
    };
    await Promise.all(Array.from({ length: attack.parallel }, one));
    if (attack.weight > 0) others -= 1;
    row(`${attack.name}: ${done} generated`, problems);
    return done;
  };
  const done = await Promise.all(attacks.map(run));
  console.log(`       ${done.reduce((sum, number) => sum + number, 0)} of ${count} generated, seed ${seed}`);
}

function judge(name: string, target: Target, idle: ProbeReport, under: ProbeReport, missed: number): void {
  const [before, during] = [percentile(idle.latenciesMs, 0.99), percentile(under.latenciesMs, 0.99)];
  const limit = Math.max(P99_FACTOR * before, P99_FLOOR_MS);
  const figures = `p99 ${during.toFixed(1)} ms of ${under.latenciesMs.length}, idle ${before.toFixed(1)} ms`;
  row(`${name}: the service answers throughout`, [
    ...under.unanswered,
    ...(target.end === undefined ? [] : [`it ended with ${target.end}: ${target.stderr.slice(-600)}`]),
  ]);
  row(
    `${name}: the service answers in time: ${figures}`,
    during <= limit ? [] : [`more than ${limit.toFixed(1)} ms`],
  );
  const gap = largestGap(under.evaluationsMs);
  row(
    `${name}: rules are evaluated at each interval: ${under.evaluationsMs.length} times, longest gap ${gap} ms`,
    [
      ...(gap <= MAX_GAP_MS && under.evaluationsMs.length > 0 ? [] : [`more than ${MAX_GAP_MS} ms`]),
      ...(missed === 0 ? [] : [`${missed} evaluations missed`]),
    ],
  );
  const start = percentile(idle.rssBytes, 0.5);
  const growth = Math.max(...under.rssBytes) - start;
  row(
    `${name}: memory: ${(start / 1e6).toFixed(0)} MB at the start, +${(growth / 1e6).toFixed(0)} MB at most`,
    growth <= MAX_GROWTH_BYTES ? [] : [`more than ${MAX_GROWTH_BYTES / 1e6} MB`],
  );
  const deaths = target.stderr
    .split('\n')
    .filter((line) => /FATAL|MON_MONITOR_DIED|MON_MONITOR_FAILED/.test(line));
  row(`${name}: nothing dies`, deaths);
  row(`${name}: nothing is written elsewhere`, [
    ...strayFiles(target),
    ...(readFileSync(join(target.root, 'victim'), 'utf8') === 'precious\n'
      ? []
      : ['the file behind a link was written']),
  ]);
  const lines = target.stderr.split('\n').length;
  row(`${name}: stderr: ${lines} lines`, lines < 2000 ? [] : ['a flood']);
}

console.log(`seed ${seed}, ${count} generated, at most ${seconds} s of them`);
await ensureBuilt(REPOSITORY, () => console.error('building the package …'));
for (const attack of attacks) await stage(attack.name, (target) => known(target, attack));
if (count > 0) await stage('generated', generated);
const ok = failed === 0 && passed > 0;
console.log(values.json ? JSON.stringify({ passed, failed, ok }) : `${passed} passed, ${failed} failed`);
process.exitCode = ok ? 0 : 1;
