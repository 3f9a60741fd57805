import type { Labels } from '../samples/labels.ts';

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

/** Takes back differences too small to mean anything. */
function smoothPrecision(buckets: readonly Bucket[]): void {
  let before = buckets[0]!.count;
  for (const bucket of buckets.slice(1)) {
    const difference = Math.abs(bucket.count - before);
    if (difference === 0) continue;
    if (difference / bucket.count <= PRECISION) bucket.count = before;
    else before = bucket.count;
  }
}

/** Raises counts that are less than those of a lower bound; true when there were any. */
function makeMonotonic(buckets: readonly Bucket[]): boolean {
  let isForced = false;
  let highest = Number.NEGATIVE_INFINITY;
  for (const bucket of buckets) {
    if (bucket.count < highest) {
      bucket.count = highest;
      isForced = true;
    } else if (bucket.count > highest) {
      highest = bucket.count;
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
  smoothPrecision(buckets);
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
