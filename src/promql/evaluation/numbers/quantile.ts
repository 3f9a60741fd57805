import { formatShort } from '../../../samples/format-number.ts';
import type { Annotations } from '../annotations.ts';
import type { Span } from '../../syntax/position.ts';

/** NaN counts as less than every number. */
export function compareValues(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b || (a < b ? -1 : Number(a > b));
}

/**
 * The φ-quantile of some values by linear interpolation; sorts them in place. Outside [0, 1] the answer is infinite
 * (promql/quantile.go).
 */
export function quantile(fraction: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(fraction)) return Number.NaN;
  if (fraction < 0) return Number.NEGATIVE_INFINITY;
  if (fraction > 1) return Number.POSITIVE_INFINITY;
  values.sort(compareValues);
  const rank = fraction * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  // Without this, an infinite neighbour would turn an exact hit into NaN.
  if (weight === 0) return values[lower]!;
  return values[lower]! * (1 - weight) + values[upper]! * weight;
}

/** Warns of a φ outside [0, 1]. */
export function warnOfQuantile(annotations: Annotations, fraction: number, span: Span): void {
  if (Number.isNaN(fraction) || fraction < 0 || fraction > 1) {
    annotations.warn(`quantile value should be between 0 and 1, got ${formatShort(fraction)}`, span);
  }
}
