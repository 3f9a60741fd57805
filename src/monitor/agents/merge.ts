import { ValueType } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { MetricIdentity } from '../../link/snapshot.ts';
import { metricRows } from '../../metrics/catalogue.ts';
import type { MergeRule } from '../../metrics/catalogue/metric-row.ts';
import { SCOPE } from '../../metrics/scope.ts';
import type { SeriesValue } from './process-totals.ts';

/** A metric of all processes together. */
export interface MergedMetric {
  readonly identity: MetricIdentity;
  readonly series: Map<string, MergedSeries>;
}

export interface MergedSeries {
  readonly labels: Readonly<Record<string, string>>;
  startMs: number;
  numbers: Float64Array;
}

const add = (a: number, b: number): number => a + b;

type Combine = (a: number, b: number) => number;

const COMBINE: Readonly<Record<MergeRule, Combine>> = {
  sum: add,
  min: Math.min,
  max: Math.max,
  once: (_a, b) => b,
};

/** How gauges of several processes become one, by name; those of the service are summed. */
const combineGauge: ReadonlyMap<string, Combine> = new Map(
  metricRows.filter(({ kind }) => kind === 'gauge').map(({ name, merge }) => [name, COMBINE[merge]]),
);

/** NaN means "none" in the sum, min and max of a histogram. */
const known = (a: number, b: number, rule: (a: number, b: number) => number): number =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : rule(a, b);

function combine(metric: MetricIdentity, into: Float64Array, more: Float64Array): Float64Array {
  if (metric.kind !== 'histogram') {
    const rule =
      metric.kind === 'gauge' && metric.scope === SCOPE ? (combineGauge.get(metric.name) ?? add) : add;
    return Float64Array.of(rule(into[0] ?? 0, more[0] ?? 0));
  }
  const sum = into.map((value, at) => value + (more[at] ?? 0));
  sum[0] = known(into[0] ?? Number.NaN, more[0] ?? Number.NaN, add);
  sum[1] = known(into[1] ?? Number.NaN, more[1] ?? Number.NaN, Math.min);
  sum[2] = known(into[2] ?? Number.NaN, more[2] ?? Number.NaN, Math.max);
  return sum;
}

export const labelKey = (labels: Readonly<Record<string, string>>): string => {
  let key = '';
  for (const name in labels) key += `${name}\u0000${labels[name]}\u0000`;
  return key;
};

/** Whether counts of two histograms mean the same. */
export function sameBoundaries(a: MetricIdentity, b: MetricIdentity): boolean {
  const { boundaries = [] } = a;
  const { boundaries: others = [] } = b;
  return (
    boundaries === others ||
    (boundaries.length === others.length && boundaries.every((bound, at) => bound === others[at]))
  );
}

/** Adds the numbers of the same series of another process. */
export function combineSeries(
  metric: MetricIdentity,
  into: MergedSeries,
  { startMs, numbers }: Pick<MergedSeries, 'startMs' | 'numbers'>,
): void {
  into.numbers = combine(metric, into.numbers, numbers);
  into.startMs = Math.min(into.startMs, startMs);
}

/** Sums of processes, metric by metric. Of histograms of one name but other boundaries the first ones are shown. */
export class Merger {
  readonly metrics: Map<string, MergedMetric> = new Map<string, MergedMetric>();

  /** `onlyTotals`: of a process that ended its counters and histograms stay, its gauges are gone. */
  add(values: Iterable<SeriesValue>, onlyTotals = false): void {
    for (const { metric, labels, startMs, numbers } of values) {
      if (onlyTotals && (metric.kind === 'gauge' || metric.kind === 'updown')) continue;
      const key = `${metric.scope}\u0000${metric.name}\u0000${metric.kind}`;
      let merged = this.metrics.get(key);
      if (!merged) {
        merged = { identity: metric, series: new Map() };
        this.metrics.set(key, merged);
      }
      if (!sameBoundaries(merged.identity, metric)) continue;
      const seriesKey = labelKey(labels);
      const series = merged.series.get(seriesKey);
      if (!series) merged.series.set(seriesKey, { labels, startMs, numbers });
      else combineSeries(metric, series, { startMs, numbers });
    }
  }

  *values(): Generator<SeriesValue> {
    for (const { identity, series } of this.metrics.values()) {
      for (const { labels, startMs, numbers } of series.values())
        yield { metric: identity, labels, startMs, numbers };
    }
  }
}

function histogramOf(boundaries: readonly number[], numbers: Float64Array): Histogram {
  const counts = Array.from(numbers.subarray(3));
  const [sum = 0, min = Number.NaN, max = Number.NaN] = numbers;
  return {
    buckets: { boundaries: boundaries as number[], counts },
    count: counts.reduce(add, 0),
    ...(!Number.isNaN(sum) && { sum }),
    ...(!Number.isNaN(min) && { min, max }),
  };
}

/** The merged metric as OpenTelemetry metric data, cumulative, as of `atMs`. */
export function toMetricData({ identity, series }: MergedMetric, atMs: number): MetricData {
  const descriptor = {
    name: identity.name,
    description: identity.help,
    unit: identity.unit,
    valueType: ValueType.DOUBLE,
  };
  const aggregationTemporality = AggregationTemporality.CUMULATIVE;
  const endTime = millisToHrTime(atMs);
  const points = <T>(valueOf: (numbers: Float64Array) => T): DataPoint<T>[] =>
    Array.from(series.values(), ({ labels, startMs, numbers }) => ({
      startTime: millisToHrTime(startMs),
      endTime,
      attributes: labels,
      value: valueOf(numbers),
    }));
  const first = (numbers: Float64Array): number => numbers[0] ?? 0;
  switch (identity.kind) {
    case 'gauge':
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.GAUGE,
        dataPoints: points(first),
      };
    case 'counter':
    case 'updown':
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.SUM,
        isMonotonic: identity.kind === 'counter',
        dataPoints: points(first),
      };
    case 'histogram': {
      const boundaries = identity.boundaries ?? [];
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: points((numbers) => histogramOf(boundaries, numbers)),
      };
    }
  }
}
