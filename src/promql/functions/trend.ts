// Hot path: one call per series and evaluation; the loops run once per sample of the range.
import { formatFixed } from '../../samples/format-number.ts';
import { KahanSum } from '../evaluation/numbers/kahan.ts';
import type { Window } from '../evaluation/ranges/window.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, perRange } from './function-row.ts';

/** Least squares: the slope per second, and the value at a time (promql/functions.go, linearRegression). */
function regression(
  { times, values, from, to }: Window,
  atMs: number,
): { readonly slope: number; readonly intercept: number } {
  const count = to - from;
  const [x, y, xy, xx] = [new KahanSum(), new KahanSum(), new KahanSum(), new KahanSum()];
  let isConstant = true;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const seconds = (times[i]! - atMs) / 1000;
    isConstant &&= value === values[from];
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (isConstant) {
    return Number.isFinite(values[from])
      ? { slope: 0, intercept: values[from]! }
      : { slope: Number.NaN, intercept: Number.NaN };
  }
  const covariance = xy.value - (x.value * y.value) / count;
  const variance = xx.value - (x.value * x.value) / count;
  const slope = covariance / variance;
  return { slope, intercept: y.value / count - (slope * x.value) / count };
}

function derivative(window: Window): number | undefined {
  if (window.to - window.from < 2) return undefined;
  // Any time near the samples will do; their first keeps the numbers small.
  return regression(window, window.times[window.from]!).slope;
}

function predict(window: Window, call: FunctionCall): number | undefined {
  const seconds = call.scalar(1);
  if (window.to - window.from < 2) return undefined;
  const { slope, intercept } = regression(window, call.timeMs);
  return slope * seconds + intercept;
}

/** Holt's double exponential smoothing: a level and a trend, each smoothed by a factor between 0 and 1. */
function smooth({ values, from, to }: Window, call: FunctionCall): number | undefined {
  const smoothing = call.scalar(1);
  const trendFactor = call.scalar(2);
  for (const [name, factor] of [
    ['smoothing', smoothing],
    ['trend', trendFactor],
  ] as const) {
    if (factor <= 0 || factor >= 1) {
      call.fail(
        `invalid ${name} factor. Expected: 0 < ${name === 'trend' ? 'tf' : 'sf'} < 1, got: ${formatFixed(factor)}`,
      );
    }
  }
  if (to - from < 2) return undefined;
  let level = values[from]!;
  let trend = values[from + 1]! - level;
  let levelBefore = level;
  for (let i = from + 1; i < to; i++) {
    // The first trend is that of the first two samples; later ones are smoothed.
    if (i > from + 1) trend = trendFactor * (level - levelBefore) + (1 - trendFactor) * trend;
    levelBefore = level;
    level = smoothing * values[i]! + (1 - smoothing) * (level + trend);
  }
  return level;
}

/** Functions that fit a line or a curve. */
export const trendFunctions = {
  deriv: perRange(derivative),
  predict_linear: perRange(predict),
  double_exponential_smoothing: perRange(smooth),
} satisfies FunctionFamily;
