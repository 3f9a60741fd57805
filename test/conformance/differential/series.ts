import { Labels } from '../../../src/samples/labels.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';
import type { Random } from './random.ts';

/** One series as both sides get it. */
export interface GeneratedSeries {
  readonly labels: Labels;
  readonly points: readonly { readonly timeMs: number; readonly value: number }[];
}

/** 2026-01-05T00:00:00Z: the beginning of a block of two hours in Prometheus. */
export const FIRST_MS = 1_767_571_200_000;
export const STEP_MS = 15_000;
export const STEPS = 160;
export const LAST_MS = FIRST_MS + (STEPS - 1) * STEP_MS;

type Draw = (random: Random, step: number) => number | undefined;

/** A counter that sometimes begins anew and sometimes misses a scrape. */
function counter(): Draw {
  let total = 0;
  return (random) => {
    if (random.chance(0.01)) total = random.below(5);
    total += random.chance(0.2) ? 0 : random.below(20);
    return random.chance(0.03) ? undefined : total;
  };
}

/** A gauge that goes up and down, now and then no number or infinite. */
function gauge(phase: number): Draw {
  return (random, step) => {
    if (random.chance(0.01)) return random.chance(0.5) ? Number.NaN : Number.POSITIVE_INFINITY;
    if (random.chance(0.02)) return undefined;
    return Math.sin(step / 7 + phase) * 100 + random.next();
  };
}

/** A gauge without any of that. */
const level: Draw = (random) => 1 + random.next() * 9;

function draw(random: Random, labels: Record<string, string>, next: Draw): GeneratedSeries {
  const jitterMs = random.below(3000);
  const points = Array.from({ length: STEPS }, (_, step) => ({
    timeMs: FIRST_MS + step * STEP_MS + jitterMs,
    value: next(random, step),
  })).filter((point): point is { timeMs: number; value: number } => point.value !== undefined);
  return { labels: Labels.from(labels), points };
}

const BOUNDS = ['0.1', '0.5', '1.0', '+Inf'];

/** The buckets, sum and count of one classic histogram. */
function histogram(random: Random, labels: Record<string, string>): GeneratedSeries[] {
  const rows = Array.from({ length: STEPS }, () => [0, 0, 0, 0, 0]);
  const totals = [0, 0, 0, 0, 0];
  for (const row of rows) {
    for (let i = random.below(5); i > 0; i--) {
      const bucket = random.below(4);
      for (let above = bucket; above < 4; above++) totals[above]!++;
      totals[4]! += bucket * 0.3 + 0.05;
    }
    for (const [i, total] of totals.entries()) row[i] = total;
  }
  const column = (name: string, index: number, extra: Record<string, string> = {}): GeneratedSeries => ({
    labels: Labels.from({ __name__: `latency_seconds_${name}`, ...labels, ...extra }),
    points: rows.map((row, step) => ({ timeMs: FIRST_MS + step * STEP_MS, value: row[index]! })),
  });
  return [...BOUNDS.map((le, i) => column('bucket', i, { le })), column('sum', 4), column('count', 3)];
}

/** Counters, gauges and histograms of six instances. */
export function generateSeries(random: Random): GeneratedSeries[] {
  const all: GeneratedSeries[] = [];
  for (const job of ['api', 'web']) {
    for (const instance of ['a', 'b', 'c']) {
      const target = { job, instance };
      for (const code of ['200', '404', '500']) {
        all.push(draw(random, { __name__: 'requests_total', ...target, code }, counter()));
      }
      all.push(
        draw(random, { __name__: 'temperature', ...target }, gauge(random.next() * 6)),
        draw(random, { __name__: 'queue', ...target, zone: instance === 'a' ? 'x' : 'y' }, level),
        draw(random, { __name__: 'build', ...target, version: instance === 'c' ? '2' : '1' }, () => 1),
        ...histogram(random, target),
      );
    }
  }
  return all;
}

/** The series in a store of ours. */
export function storeOf(series: readonly GeneratedSeries[]): SampleStore {
  const store = new SampleStore({ retentionMs: Number.POSITIVE_INFINITY });
  for (const { labels, points } of series) {
    for (const { timeMs, value } of points) store.append(labels, timeMs, value);
  }
  return store;
}

function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value);
}

/** The series as OpenMetrics text with times, for `promtool tsdb create-blocks-from`. */
export function openMetricsOf(series: readonly GeneratedSeries[]): string {
  const byName = new Map<string, string[]>();
  for (const { labels, points } of series) {
    const lines = byName.get(labels.metricName) ?? [];
    byName.set(labels.metricName, lines);
    const pairs = labels.withoutName.entries().map(([label, value]) => `${label}="${value}"`);
    for (const { timeMs, value } of points) {
      lines.push(`${labels.metricName}{${pairs.join(',')}} ${goNumber(value)} ${(timeMs / 1000).toFixed(3)}`);
    }
  }
  const families = [...byName].map(([name, lines]) => `# TYPE ${name} unknown\n${lines.join('\n')}\n`);
  return `${families.join('')}# EOF\n`;
}
