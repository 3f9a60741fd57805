/** How the values of several processes of one service become one series. */
export type MergeRule =
  | 'sum'
  | 'min'
  | 'max'
  /** Measured by the monitor, once for the whole service. */
  | 'once';

/** One metric: what OpenTelemetry needs to make its instrument, and what people read on /metrics. */
export interface MetricRow {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'histogram' | 'gauge' | 'updown';
  /**
   * Chosen so that no exporter appends a suffix to the documented name: `s` where the name ends in `_seconds` and
   * `By` where it ends in `_bytes`, a unit in braces for counts (left out by the OTLP translation of Prometheus),
   * none for percentages and shares, where `%` would append `_percent` and `1` `_ratio`.
   */
  readonly unit: string;
  /** The names of its labels in their order; `any` where they depend on rules or settings. */
  readonly labels: readonly string[] | 'any';
  /** Upper bounds of the buckets in seconds; only histograms. */
  readonly boundaries?: readonly number[];
  readonly merge: MergeRule;
  /** The room of src/ that sets its values. */
  readonly owner: string;
  /** False: seen by rules and queries of the monitor only, not on /metrics. */
  readonly onPage?: false;
  /** Where it appears, if not everywhere. */
  readonly onlyIf?: string;
}

/** Rows of one owner, by the name that code uses for them. */
export type MetricRows = Readonly<Record<string, MetricRow>>;
