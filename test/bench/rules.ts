import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programPath } from '../../scripts/stack/programs.ts';
import { Child } from './child.ts';
import { budget, median, ratio, type Bench, type Measures, type Rounds } from './harness.ts';
import { Prometheus } from './prometheus.ts';
import { remoteWrite } from './remote-write.ts';
import { endOf, ruleFile, RULES, SERIES, SPAN_MS, STEP_MS, workload } from './rules-workload.ts';
import { freshFolder } from './work-folder.ts';

const PROMETHEUS = 'prometheus';
const WARM_UP = 4;
const EVALUATIONS = 16;
const INTERVAL_MS = 500;
/** Series that one remote write carries. */
const BATCH = 250;

async function measureOurs(): Promise<Measures> {
  const env = {
    BENCH_WARM_UP: String(WARM_UP),
    BENCH_EVALUATIONS: String(EVALUATIONS),
    BENCH_INTERVAL_MS: String(INTERVAL_MS),
  };
  const child = new Child(join(import.meta.dirname, 'programs', 'rules.ts'), ['--expose-gc'], env);
  try {
    return await child.next<Measures>('measures');
  } finally {
    await child.stop();
  }
}

async function feed(prometheus: Prometheus): Promise<void> {
  const endMs = endOf(Date.now());
  const beginMs = endMs - SPAN_MS;
  const times = Array.from({ length: SPAN_MS / STEP_MS + 1 }, (_, n) => beginMs + n * STEP_MS);
  const series = workload(beginMs).map(({ name, labels, at }) => ({
    labels: { __name__: name, ...labels },
    samples: times.map((timeMs) => ({ timeMs, value: at(timeMs) })),
  }));
  for (let at = 0; at < series.length; at += BATCH) {
    await remoteWrite(prometheus.url, series.slice(at, at + BATCH));
  }
}

const GROUPS = 'prometheus_rule_group_duration_seconds';

async function measurePrometheus(): Promise<Measures> {
  if (!existsSync(programPath('prometheus'))) return {};
  const prometheus = await Prometheus.start(freshFolder(), ruleFile(), INTERVAL_MS);
  try {
    await feed(prometheus);
    await delay(WARM_UP * INTERVAL_MS);
    const before = await prometheus.ownMetrics();
    await delay(EVALUATIONS * INTERVAL_MS);
    const after = await prometheus.ownMetrics();
    const grown = (name: string): number => (after.get(name) ?? Number.NaN) - (before.get(name) ?? 0);
    if ((after.get('prometheus_tsdb_head_series') ?? 0) < SERIES) throw new Error('series are missing');
    if (grown('prometheus_rule_evaluation_failures_total') > 0) throw new Error('rules failed in Prometheus');
    const evaluations = grown(`${GROUPS}_count`);
    return {
      ms: (grown(`${GROUPS}_sum`) / evaluations) * 1000,
      cpuMs: (grown('process_cpu_seconds_total') / evaluations) * 1000,
      alerts: await prometheus.activeAlerts(),
    };
  } finally {
    await prometheus.stop();
  }
}

/** By how many alerts the two differ: nothing, or they have not done the same work. */
function difference(rounds: Rounds): number {
  const apart = rounds.map(({ ours, [PROMETHEUS]: theirs }) =>
    Math.abs((ours?.['alerts'] ?? Number.NaN) - (theirs?.['alerts'] ?? Number.NaN)),
  );
  return median(apart);
}

/** Beside the figure that is missing, how to get it. */
function named(text: string): string {
  return existsSync(programPath('prometheus'))
    ? text
    : `${text} (not built: npm run stack:install -- prometheus)`;
}

/**
 * One evaluation of 40 rules over 5,000 series with 55 minutes of samples, the same in Prometheus and here. Prometheus
 * says itself how long its rule group took; of ours the group is measured as well, without collecting the samples.
 */
export const rules: Bench = {
  name: 'rules',
  title: `Evaluation of ${RULES} rules over ${SERIES.toLocaleString('en')} series, ms`,
  unit: 'ms per evaluation of the group',
  measures: {
    ms: 'evaluation',
    cpuMs: 'CPU, all threads',
    alerts: 'alerts',
    firstMs: 'first evaluation',
    kibPerSeries: 'KiB per series',
    bytesPerSample: 'bytes per sample',
  },
  variants: ['ours', PROMETHEUS],
  runs: 5,
  measure: async (variant) => (variant === PROMETHEUS ? measurePrometheus() : measureOurs()),
  budgets: (rounds) => [
    budget(named('evaluation, times Prometheus'), 2, ratio(rounds, 'ms', 'ours', PROMETHEUS)),
    budget(named('CPU, times Prometheus'), 2, ratio(rounds, 'cpuMs', 'ours', PROMETHEUS)),
    budget(named('difference in active alerts'), 0, difference(rounds)),
  ],
};
