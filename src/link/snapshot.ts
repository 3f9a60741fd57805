/**
 * What the agent answers when the monitor asks for its metrics: cumulative values since the process began.
 *
 * A series crosses the link once with its labels (`newSeries`) and from then on by its number, so that a
 * snapshot is a few numbers per series. All numbers of one snapshot stand in one `Float64Array`, which is
 * transferred, not copied.
 */
export interface Snapshot {
  /** When the values were read, Unix milliseconds. */
  readonly atMs: number;
  /** Metrics not named in an earlier snapshot of this process. */
  readonly newMetrics: readonly MetricIdentity[];
  /** Series not named in an earlier snapshot of this process. */
  readonly newSeries: readonly SeriesIdentity[];
  /**
   * For each series in turn: its number, its start (Unix milliseconds), then by the kind of its metric
   * - sum and gauge: the value;
   * - histogram: sum, min, max (NaN: none) and one count per bucket, the last one beyond the last boundary.
   */
  readonly values: Float64Array;
}

export type MetricKind = 'counter' | 'updown' | 'gauge' | 'histogram';

export interface MetricIdentity {
  /** Position in all metrics of this process, from 0. */
  readonly id: number;
  readonly name: string;
  readonly help: string;
  readonly unit: string;
  readonly kind: MetricKind;
  /** Upper bounds of the buckets, ascending, without +Inf; only histograms. */
  readonly boundaries?: readonly number[];
  /** Instrumentation scope; ours is `@geometra/monitoring`. */
  readonly scope: string;
}

export interface SeriesIdentity {
  /** Position in all series of this process, from 0. */
  readonly id: number;
  readonly metric: number;
  readonly labels: Readonly<Record<string, string>>;
}
