// Hot path: one call per series and evaluation; the loops run once per sample of the range.
import { KahanMean, KahanSum, KahanVariance } from '../evaluation/numbers/kahan.ts';
import { quantile, warnOfQuantile } from '../evaluation/numbers/quantile.ts';
import type { Window } from '../evaluation/ranges/window.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, perRange } from './function-row.ts';

function sum({ values, from, to }: Window): number {
  const total = new KahanSum();
  for (let i = from; i < to; i++) total.add(values[i]!);
  return total.value;
}

function average({ values, from, to }: Window): number {
  const mean = new KahanMean();
  for (let i = from; i < to; i++) mean.add(values[i]!);
  return mean.value;
}

function variance({ values, from, to }: Window): number {
  const spread = new KahanVariance();
  for (let i = from; i < to; i++) spread.add(values[i]!);
  return spread.value;
}

/** Index of the best sample; NaN gives way to any number. Of equal ones the first, or with `last` the last. */
function best(
  { values, from, to }: Window,
  isBetter: (a: number, b: number) => boolean,
  last = false,
): number {
  let found = from;
  for (let i = from + 1; i < to; i++) {
    const isTie = last && values[i] === values[found];
    if (isTie || isBetter(values[i]!, values[found]!) || Number.isNaN(values[found])) found = i;
  }
  return found;
}

const less = (a: number, b: number): boolean => a < b;
const greater = (a: number, b: number): boolean => a > b;

function median(values: number[]): number {
  return quantile(0.5, values);
}

/** Median of the distances from the median. */
function medianAbsoluteDeviation({ values, from, to }: Window): number {
  const own = [...values.subarray(from, to)];
  if (own.some(Number.isNaN)) return Number.NaN;
  const middle = median(own);
  return median(own.map((value) => Math.abs(value - middle)));
}

function quantileOverTime({ values, from, to }: Window, call: FunctionCall): number {
  const fraction = call.scalar(0);
  warnOfQuantile(call.context.annotations, fraction, call.argument(0));
  return quantile(fraction, [...values.subarray(from, to)]);
}

/** Functions that make one number of the samples of a range, whatever their times. */
export const overTimeFunctions = {
  sum_over_time: perRange(sum),
  avg_over_time: perRange(average),
  count_over_time: perRange(({ from, to }) => to - from),
  min_over_time: perRange((window) => window.values[best(window, less)]!),
  max_over_time: perRange((window) => window.values[best(window, greater)]!),
  last_over_time: perRange(({ values, to }) => values[to - 1]!, { keepsName: true }),
  first_over_time: perRange(({ values, from }) => values[from]!, { keepsName: true }),
  present_over_time: perRange(() => 1),
  stddev_over_time: perRange((window) => Math.sqrt(variance(window))),
  stdvar_over_time: perRange(variance),
  quantile_over_time: perRange(quantileOverTime),
  mad_over_time: perRange(medianAbsoluteDeviation),
  ts_of_first_over_time: perRange(({ times, from }) => times[from]! / 1000),
  ts_of_last_over_time: perRange(({ times, to }) => times[to - 1]! / 1000),
  ts_of_min_over_time: perRange((window) => window.times[best(window, less, true)]! / 1000),
  ts_of_max_over_time: perRange((window) => window.times[best(window, greater, true)]! / 1000),
} satisfies FunctionFamily;
