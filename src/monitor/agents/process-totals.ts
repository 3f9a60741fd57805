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

/** What one process may name: more comes from no service that can be scraped. */
const MAX_SERIES = 500_000;
const MAX_LABEL_CHARS = 128 * 1024 * 1024;

const sizeOf = (metric: MetricIdentity): number =>
  metric.kind === 'histogram' ? (metric.boundaries?.length ?? 0) + 4 : 1;

const isTime = (atMs: number | undefined): boolean => atMs !== undefined && atMs >= 0 && atMs <= 8.64e15;

function charsOf(labels: Readonly<Record<string, string>>): number {
  let chars = 0;
  for (const name in labels) chars += name.length + (labels[name]?.length ?? 0);
  return chars;
}

/** The last values of the instruments of one process: the snapshots of one link, decoded. */
export class ProcessTotals {
  #metrics: readonly MetricIdentity[] = [];
  #series: readonly SeriesIdentity[] = [];
  #labelChars = 0;
  #values: Float64Array = new Float64Array(0);
  /** When the values were read, Unix milliseconds; 0 before the first snapshot. */
  atMs = 0;

  /** Takes a snapshot in. One that names things out of order (another link's) or does not fit changes nothing: false. */
  apply(snapshot: Snapshot): boolean {
    const { newMetrics, newSeries, values, atMs } = snapshot;
    const metrics = newMetrics.length === 0 ? this.#metrics : [...this.#metrics, ...newMetrics];
    if (newMetrics.some(({ id }, at) => id !== this.#metrics.length + at)) return false;
    const series = newSeries.length === 0 ? this.#series : [...this.#series, ...newSeries];
    const isInOrder = newSeries.every(
      ({ id, metric }, at) => id === this.#series.length + at && metric < metrics.length,
    );
    const labelChars = newSeries.reduce((chars, { labels }) => chars + charsOf(labels), this.#labelChars);
    if (!isInOrder || series.length > MAX_SERIES || labelChars > MAX_LABEL_CHARS) return false;
    if (!fit(values, metrics, series)) return false;
    this.#metrics = metrics;
    this.#series = series;
    this.#labelChars = labelChars;
    this.#values = values;
    this.atMs = atMs;
    return true;
  }

  *values(): Generator<SeriesValue> {
    const values = this.#values;
    for (let at = 0; at < values.length;) {
      const series = this.#series[values[at] ?? -1];
      const metric = series && this.#metrics[series.metric];
      if (!metric) return;
      const startMs = values[at + 1] ?? 0;
      const size = sizeOf(metric);
      yield { metric, labels: series.labels, startMs, numbers: values.subarray(at + 2, at + 2 + size) };
      at += 2 + size;
    }
  }
}

/** Whether the numbers are whole series that are known. */
function fit(
  values: Float64Array,
  metrics: readonly MetricIdentity[],
  series: readonly SeriesIdentity[],
): boolean {
  let at = 0;
  while (at < values.length) {
    const metric = metrics[series[values[at] ?? -1]?.metric ?? -1];
    if (!metric || !isTime(values[at + 1])) return false;
    at += 2 + sizeOf(metric);
  }
  return at === values.length;
}
