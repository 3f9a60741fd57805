import type { Labels } from '../../../samples/labels.ts';

/** One bucket of a classic histogram: how many observations were at most `bound`. */
export interface Bucket {
  readonly bound: number;
  count: number;
}

/** Differences relative to the count below this come from floating point and are no decrease. */
const PRECISION = 1e-12;

/** The number of a `le` label, undefined when it is none. */
export function boundOf(labels: Labels): number | undefined {
  const text = labels.get('le');
  if (/^[+-]?inf(?:inity)?$/i.test(text)) {
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** Sorted by bound; buckets with the same bound added up. */
function ordered(buckets: readonly Bucket[]): Bucket[] {
  const sorted = [...buckets].sort((a, b) => (a.bound < b.bound ? -1 : Number(a.bound > b.bound)));
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last?.bound === bucket.bound) last.count += bucket.count;
    else merged.push({ ...bucket });
  }
  return merged;
}

/** True when two counts differ by no more than floating point explains. */
function isAlmostEqual(a: number, b: number): boolean {
  return Math.abs(a - b) / (Math.abs(a) + Math.abs(b)) < PRECISION;
}

/**
 * Raises counts that are less than those of a lower bound, and takes back differences that mean nothing. True when a
 * count was really less.
 */
function makeMonotonic(buckets: readonly Bucket[]): boolean {
  let isForced = false;
  let before = buckets[0]!.count;
  for (const bucket of buckets.slice(1)) {
    if (bucket.count === before) continue;
    if (isAlmostEqual(before, bucket.count)) {
      bucket.count = before;
    } else if (bucket.count < before) {
      bucket.count = before;
      isForced = true;
    } else {
      before = bucket.count;
    }
  }
  return isForced;
}

export interface BucketQuantile {
  readonly value: number;
  /** The counts did not rise from bucket to bucket and were mended. */
  readonly isForced: boolean;
}

/** The φ-quantile of a classic histogram, linear within a bucket (promql/quantile.go, BucketQuantile). */
export function bucketQuantile(fraction: number, unordered: readonly Bucket[]): BucketQuantile {
  const answer = (value: number, isForced = false): BucketQuantile => ({ value, isForced });
  if (Number.isNaN(fraction)) return answer(Number.NaN);
  if (fraction < 0) return answer(Number.NEGATIVE_INFINITY);
  if (fraction > 1) return answer(Number.POSITIVE_INFINITY);
  const buckets = ordered(unordered);
  if (buckets.at(-1)!.bound !== Number.POSITIVE_INFINITY) return answer(Number.NaN);
  const isForced = makeMonotonic(buckets);
  const observations = buckets.at(-1)!.count;
  if (buckets.length < 2 || observations === 0 || Number.isNaN(observations)) return answer(Number.NaN);
  const rank = fraction * observations;
  const last = buckets.length - 1;
  const found = buckets.findIndex(({ count }) => count >= rank);
  const at = found < 0 ? last : found;
  if (at === last) return answer(buckets[last - 1]!.bound, isForced);
  const { bound, count } = buckets[at]!;
  if (at === 0) return answer(bound <= 0 ? bound : (bound * rank) / count, isForced);
  const below = buckets[at - 1]!;
  const share = (rank - below.count) / (count - below.count);
  return answer(below.bound + (bound - below.bound) * share, isForced);
}

/** The share of observations between two values (promql/quantile.go, BucketFraction). */
export function bucketFraction(lower: number, upper: number, unordered: readonly Bucket[]): number {
  const buckets = ordered(unordered);
  const observations = buckets.at(-1)!.count;
  if (buckets.at(-1)!.bound !== Number.POSITIVE_INFINITY || observations === 0) return Number.NaN;
  if (Number.isNaN(lower) || Number.isNaN(upper) || Number.isNaN(observations)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets) - rankOf(lower, buckets)) / observations;
}

/**
 * How many observations were at most a value, linear within a bucket. In a bucket without end nothing can be
 * interpolated: the first one counts wholly, the last one not at all.
 */
function rankOf(value: number, buckets: readonly Bucket[]): number {
  let below = 0;
  let start = buckets[0]!.bound > 0 ? 0 : Number.NEGATIVE_INFINITY;
  for (const { bound, count } of buckets) {
    if (value <= start) return below;
    if (value < bound) {
      if (start === Number.NEGATIVE_INFINITY) return count;
      if (bound === Number.POSITIVE_INFINITY) return below;
      return below + (count - below) * ((value - start) / (bound - start));
    }
    below = count;
    start = bound;
  }
  return below;
}
