// Hot path of a collection, on the service's thread: per series one WeakMap lookup and a few numbers written.
import type { Attributes } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import {
  DataPointType,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { MetricIdentity, MetricKind, SeriesIdentity, Snapshot } from '../../link/snapshot.ts';

interface KnownMetric {
  readonly id: number;
  /** The SDK keeps the attribute object of a series over all collections, so its identity finds the number. */
  readonly byIdentity: WeakMap<Attributes, number>;
  /** Should the SDK ever hand out another object for the same attributes: one series stays one series. */
  readonly byLabels: Map<string, number>;
}

function kindOf(metric: MetricData): MetricKind | undefined {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
      return metric.isMonotonic ? 'counter' : 'updown';
    case DataPointType.GAUGE:
      return 'gauge';
    case DataPointType.HISTOGRAM:
      return 'histogram';
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return undefined;
  }
}

/** Longer names, texts and values of the service's own instruments are cut: they cross the link and stay in memory. */
const MAX_CHARS = 4096;

/** A service in JavaScript can hand in anything as name, text or value. Never throws. */
function textOf(value: unknown): string {
  try {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
    return text.length > MAX_CHARS ? text.slice(0, MAX_CHARS) : text;
  } catch {
    return 'unknown';
  }
}

function toLabels(attributes: Attributes): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const key of Object.keys(attributes).sort()) {
    const value = attributes[key];
    if (value !== undefined && value !== null) labels[textOf(key)] = textOf(value);
  }
  return labels;
}

/**
 * Turns collections of one process into snapshots for one link. Remembers what it has named, so a new link
 * (the monitor restarted, another process took over) needs a new encoder.
 */
export class SnapshotEncoder {
  readonly #metrics = new Map<string, KnownMetric>();
  #nextSeries = 0;
  #values = new Float64Array(1024);
  #length = 0;
  #newMetrics: MetricIdentity[] = [];
  #newSeries: SeriesIdentity[] = [];

  /** The snapshot's array is fresh and may be transferred. */
  encode(collected: ResourceMetrics, atMs: number): Snapshot {
    this.#length = 0;
    this.#newMetrics = [];
    this.#newSeries = [];
    for (const { scope, metrics } of collected.scopeMetrics) {
      for (const metric of metrics) this.#metric(scope.name, metric);
    }
    return {
      atMs,
      newMetrics: this.#newMetrics,
      newSeries: this.#newSeries,
      values: this.#values.slice(0, this.#length),
    };
  }

  #metric(scope: string, metric: MetricData): void {
    const kind = kindOf(metric);
    const first = metric.dataPoints[0];
    if (kind === undefined || first === undefined) return;
    const { name, description, unit } = metric.descriptor;
    const key = `${scope}\u0000${name}\u0000${kind}`;
    let known = this.#metrics.get(key);
    if (!known) {
      known = { id: this.#metrics.size, byIdentity: new WeakMap(), byLabels: new Map() };
      this.#metrics.set(key, known);
      const identity: MetricIdentity = {
        id: known.id,
        name: textOf(name),
        help: textOf(description),
        unit: textOf(unit),
        kind,
        scope: textOf(scope),
      };
      const boundaries = kind === 'histogram' ? (first.value as Histogram).buckets.boundaries : undefined;
      this.#newMetrics.push(boundaries ? { ...identity, boundaries } : identity);
    }
    for (const point of metric.dataPoints) {
      this.#push(this.#seriesId(known, point.attributes));
      this.#push(hrTimeToMilliseconds(point.startTime));
      if (typeof point.value === 'number') this.#push(point.value);
      else this.#histogram(point.value as Histogram);
    }
  }

  #seriesId(metric: KnownMetric, attributes: Attributes): number {
    const known = metric.byIdentity.get(attributes);
    if (known !== undefined) return known;
    const labels = toLabels(attributes);
    const key = JSON.stringify(labels);
    let id = metric.byLabels.get(key);
    if (id === undefined) {
      id = this.#nextSeries++;
      metric.byLabels.set(key, id);
      this.#newSeries.push({ id, metric: metric.id, labels });
    }
    metric.byIdentity.set(attributes, id);
    return id;
  }

  #histogram(value: Histogram): void {
    this.#push(value.sum ?? Number.NaN);
    this.#push(value.min ?? Number.NaN);
    this.#push(value.max ?? Number.NaN);
    for (const count of value.buckets.counts) this.#push(count);
  }

  #push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }
}
