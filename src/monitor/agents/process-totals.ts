import type { MetricIdentity, SeriesIdentity, Snapshot } from '../../link/snapshot.ts';

/** The last value of one series of one process. */
export interface SeriesValue {
  readonly metric: MetricIdentity;
  readonly labels: Readonly<Record<string, string>>;
  /** When the series began, Unix milliseconds. */
  readonly startMs: number;
  /** One number; for a histogram sum, min, max and a count per bucket. */
  readonly numbers: Float64Array;
}

/** What one process last said of its instruments: the snapshots of one link, decoded. */
export class ProcessTotals {
  readonly #metrics: MetricIdentity[] = [];
  readonly #series: SeriesIdentity[] = [];
  #values: Float64Array = new Float64Array(0);
  /** When the values were read, Unix milliseconds; 0 before the first snapshot. */
  atMs = 0;

  /** Takes a snapshot in; one that names things out of order (another link's) is refused. */
  apply(snapshot: Snapshot): boolean {
    for (const metric of snapshot.newMetrics) {
      if (metric.id !== this.#metrics.length) return false;
      this.#metrics.push(metric);
    }
    for (const series of snapshot.newSeries) {
      if (series.id !== this.#series.length) return false;
      this.#series.push(series);
    }
    this.#values = snapshot.values;
    this.atMs = snapshot.atMs;
    return true;
  }

  *values(): Generator<SeriesValue> {
    const values = this.#values;
    for (let at = 0; at < values.length;) {
      const series = this.#series[values[at] ?? -1];
      const metric = series && this.#metrics[series.metric];
      if (!metric) return;
      const startMs = values[at + 1] ?? 0;
      const size = metric.kind === 'histogram' ? (metric.boundaries?.length ?? 0) + 4 : 1;
      yield { metric, labels: series.labels, startMs, numbers: values.subarray(at + 2, at + 2 + size) };
      at += 2 + size;
    }
  }
}
