// Hot path: one call per series and evaluation; the loops run once per sample of the range.
import { METRIC_NAME, quoteText } from '../../samples/labels.ts';
import { changeBetweenEnds, firstInRange } from '../evaluation/ranges/extended-range.ts';
import { isStartOverlap, isStartReset, startOf, type Window } from '../evaluation/ranges/window.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, perRange } from './function-row.ts';

/** How much further than the usual distance a boundary may be for the rate to be carried on to it. */
const EXTRAPOLATION_REACH = 1.1;
const COUNTER_SUFFIX = /_(?:total|sum|count|bucket)$/;

/** How much a counter rose between its first and last sample, with what was lost at each reset. */
function risen(window: Window, call: FunctionCall): number {
  const { values, from, to } = window;
  // Where all samples have one start, and that lies before the first of them, no neighbours can differ by it.
  const checksStarts = window.starts !== undefined || window.start >= window.times[from]!;
  let total = values[to - 1]! - values[from]!;
  let overlaps = false;
  for (let i = from + 1; i < to; i++) {
    const reset = values[i]! < values[i - 1]! || (checksStarts && isStartReset(window, i));
    if (reset) total += values[i - 1]!;
    overlaps ||= checksStarts && isStartOverlap(window, i);
  }
  if (overlaps) {
    const name = quoteText(window.labels.get(METRIC_NAME));
    call.warn(`sample has start time that overlaps with previous sample timestamp for metric ${name}`, 0);
  }
  return total;
}

/** The start of the count, when it lies in the range and before the first sample: there the counter was 0. */
function knownStart(window: Window, rangeStartMs: number): number | undefined {
  const start = startOf(window, window.from);
  return start !== 0 && start > rangeStartMs && start < window.times[window.from]! ? start : undefined;
}

/**
 * Seconds between a boundary of the range and the samples that the result is carried on over: all of them when another
 * sample would have been due, else half the usual distance.
 */
function reach(toBoundary: number, distance: number): number {
  return toBoundary >= distance * EXTRAPOLATION_REACH ? distance / 2 : toBoundary;
}

/**
 * `rate`, `increase` and `delta` (promql/functions.go, extrapolatedRate). With a start timestamp in the range the
 * counter is taken to have been 0 there, so that one sample is enough and nothing is guessed at the beginning.
 */
function extrapolated(
  window: Window,
  call: FunctionCall,
  isCounter: boolean,
  isRate: boolean,
): number | undefined {
  const { times, values, from, to } = window;
  const range = call.range!;
  const { startMs, endMs } = range;
  if (range.extended !== undefined) return extended(window, call, isCounter, isRate);
  const seconds = isRate ? (endMs - startMs) / 1000 : 1;
  const began = isCounter ? knownStart(window, startMs) : undefined;
  const count = to - from;
  if (count === 1 && began === undefined) return undefined;
  if (isCounter) sayIfNoCounter(window, call);
  let change = isCounter ? risen(window, call) : values[to - 1]! - values[from]!;
  if (began !== undefined) change += values[from]!;
  if (count === 1) return change * (1 / seconds);
  const firstMs = began ?? times[from]!;
  const sampled = (times[to - 1]! - firstMs) / 1000;
  const distance = (times[to - 1]! - times[from]!) / 1000 / (count - 1);
  const after = reach((endMs - times[to - 1]!) / 1000, distance);
  let before = 0;
  if (began === undefined) {
    before = reach((firstMs - startMs) / 1000, distance);
    // A counter is never negative: it cannot have begun earlier than where its slope meets zero.
    if (isCounter && change > 0 && values[from]! >= 0) {
      before = Math.min(before, sampled * (values[from]! / change));
    }
  }
  // In Prometheus' order, so that results are the same to the last bit.
  return change * ((sampled + before + after) / sampled / seconds);
}

/** The same between the values at the ends of an anchored or smoothed range. */
function extended(
  window: Window,
  call: FunctionCall,
  isCounter: boolean,
  isRate: boolean,
): number | undefined {
  const range = call.range!;
  const change = changeBetweenEnds(window, range, call.context.settings.lookbackMs, isCounter);
  if (change === undefined) return undefined;
  if (isCounter) sayIfNoCounter(window, call);
  return isRate ? change / ((range.endMs - range.startMs) / 1000) : change;
}

function sayIfNoCounter(window: Window, call: FunctionCall): void {
  const name = window.labels.get(METRIC_NAME);
  if (name === '' || COUNTER_SUFFIX.test(name)) return;
  const message = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:';
  call.info(`${message} ${quoteText(name)}`, 0);
}

/** `irate` and `idelta`: the last two samples only. */
function instant(window: Window, isCounter: boolean): number | undefined {
  const { times, values, from, to } = window;
  const last = to - 1;
  if (last === from) return undefined;
  const isReset = isCounter && (values[last]! < values[last - 1]! || isStartReset(window, last));
  const change = isReset ? values[last]! : values[last]! - values[last - 1]!;
  return isCounter ? change / ((times[last]! - times[last - 1]!) / 1000) : change;
}

function resets(window: Window, call: FunctionCall): number | undefined {
  const first = firstInRange(window, call.range!);
  if (first === undefined) return undefined;
  let count = 0;
  for (let i = first + 1; i < window.to; i++) {
    if (window.values[i]! < window.values[i - 1]! || isStartReset(window, i)) count++;
  }
  return count;
}

/** From NaN to NaN is no change. */
function isChange(before: number, after: number): boolean {
  return before !== after && !(Number.isNaN(before) && Number.isNaN(after));
}

function changes(window: Window, call: FunctionCall): number | undefined {
  const first = firstInRange(window, call.range!);
  if (first === undefined) return undefined;
  const { values, to } = window;
  let count = 0;
  for (let i = first + 1; i < to; i++) if (isChange(values[i - 1]!, values[i]!)) count++;
  return count;
}

const both = { extensions: ['anchored', 'smoothed'] } as const;

/** Functions of how a series moves. */
export const rateFunctions = {
  rate: perRange((window, call) => extrapolated(window, call, true, true), both),
  increase: perRange((window, call) => extrapolated(window, call, true, false), both),
  delta: perRange((window, call) => extrapolated(window, call, false, false), both),
  irate: perRange((window) => instant(window, true)),
  idelta: perRange((window) => instant(window, false)),
  resets: perRange(resets, { extensions: ['anchored'] }),
  changes: perRange(changes, { extensions: ['anchored'] }),
} satisfies FunctionFamily;
