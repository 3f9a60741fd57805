import type { Labels } from './labels.ts';

/** One condition on a label, as a selector holds it. An absent label has the value ''. */
export interface LabelMatcher {
  readonly name: string;
  /** The only value that fits, where the matcher is an equality; lets a source use an index. */
  readonly literal: string | undefined;
  matches(value: string): boolean;
  /** Steps that one test takes for each character of the value, at most; 0 for a comparison. */
  readonly cost: number;
}

/**
 * The samples of one series, oldest first, in `[from, to)` of the arrays. Valid until something is appended to
 * the source: one evaluation, no longer.
 */
export interface SeriesView {
  readonly labels: Labels;
  /** Milliseconds since the epoch, strictly ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  /** True when the samples at `[from, to)` contain a staleness marker. */
  readonly hasStale: boolean;
  /** True when the sample at this index is a staleness marker: the series ended there. */
  isStale(index: number): boolean;
  /** Start of the cumulative count that this sample belongs to, milliseconds; 0 when unknown. */
  startAt(index: number): number;
  /** The start that all samples in `[from, to)` have; undefined when they have different ones. */
  uniformStart(from: number, to: number): number | undefined;
}

/** Called with the steps that a search is about to take; throws to end it. */
export type OnWork = (steps: number) => void;

/** A source of samples: the store of this process, or later one that fetched them from elsewhere. */
export interface Queryable {
  /** The series that fit all matchers, with at least their samples in `[fromMs, toMs]`. */
  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
    onWork?: OnWork,
  ): Iterable<SeriesView>;
}
