import type { RangeVector } from '../evaluation-context.ts';
import { indexAfter, isStartReset, startOf, type Window } from './window.ts';

/** A sample, real or taken to be there because a counter began at 0. */
interface Point {
  readonly timeMs: number;
  readonly value: number;
  readonly startMs: number;
}

function pointAt(window: Window, index: number): Point {
  return { timeMs: window.times[index]!, value: window.values[index]!, startMs: startOf(window, index) };
}

/** The value at a time on the line between two points. A counter that fell in between was reset to 0. */
function interpolate(before: Point, after: Point, timeMs: number, isCounter: boolean): number {
  const from = isCounter && after.value < before.value ? 0 : before.value;
  return from + ((after.value - from) * (timeMs - before.timeMs)) / (after.timeMs - before.timeMs);
}

/** The value of a series at a time, undefined when nothing is known of it before. */
export function valueBetween(window: Window, timeMs: number): number | undefined {
  const next = indexAfter(window.times, window.from, window.to, timeMs);
  if (next === window.from) return undefined;
  const before = pointAt(window, next - 1);
  if (before.timeMs === timeMs || next === window.to) return before.value;
  return interpolate(before, pointAt(window, next), timeMs, false);
}

/** True when the counter of a point began after a time. */
function beganAfter({ startMs, timeMs }: Point, afterMs: number): boolean {
  return startMs !== 0 && startMs > afterMs && startMs < timeMs;
}

const zeroAt = (timeMs: number): Point => ({ timeMs, value: 0, startMs: timeMs });

/** Where a window meets the range that it reaches beyond. */
interface Bounds {
  /** The last sample not later than the start of the range, or the first of all. */
  readonly first: number;
  /** The last sample of all, or of a smoothed range the first one not earlier than its end. */
  readonly last: number;
}

function boundsOf({ times, from, to }: Window, { startMs, endMs, extended }: RangeVector): Bounds {
  const first = Math.max(from, indexAfter(times, from, to - 1, startMs) - 1);
  if (extended !== 'smoothed') return { first, last: to - 1 };
  let last = from;
  while (last < to - 1 && times[last]! < endMs) last++;
  return { first, last };
}

/** What is known at an end of a range: the value there, and the start of the count that it belongs to. */
interface End {
  readonly value: number;
  readonly startMs: number;
}

/** The value at the start of a range (promql/functions.go, pickOrInterpolateLeft). */
function leftEnd(
  window: Window,
  { first }: Bounds,
  { startMs, extended }: RangeVector,
  lookbackMs: number,
  isCounter: boolean,
): End {
  const isSmoothed = extended === 'smoothed';
  const point = pointAt(window, first);
  const countStart = point.startMs > startMs ? 0 : point.startMs;
  if (point.timeMs === startMs) return point;
  if (point.timeMs > startMs) {
    // Nothing before the range: either the counter is known to have begun, or nothing more is known.
    if (!isCounter || !beganAfter(point, startMs - lookbackMs))
      return { value: point.value, startMs: countStart };
    const isInterpolated = isSmoothed && !beganAfter(point, startMs);
    const value = isInterpolated ? interpolate(zeroAt(point.startMs), point, startMs, true) : 0;
    return { value, startMs: countStart };
  }
  let before = point;
  let after = pointAt(window, first + 1);
  if (isCounter && beganAfter(after, startMs)) after = zeroAt(after.startMs);
  else if (isCounter && isStartReset(window, first + 1)) before = zeroAt(after.startMs);
  const value = isSmoothed ? interpolate(before, after, startMs, isCounter) : before.value;
  return { value, startMs: before === point ? countStart : before.startMs };
}

/** The value at the end of a range (promql/functions.go, pickOrInterpolateRight). */
function rightEnd(
  window: Window,
  { last }: Bounds,
  { startMs, endMs }: RangeVector,
  lookbackMs: number,
  isCounter: boolean,
): End {
  const point = pointAt(window, last);
  const countStart = point.startMs > endMs ? 0 : point.startMs;
  if (point.timeMs <= endMs) return { value: point.value, startMs: countStart };
  if (last === window.from) {
    if (!isCounter || !beganAfter(point, startMs - lookbackMs))
      return { value: point.value, startMs: countStart };
    if (beganAfter(point, endMs)) return { value: 0, startMs: countStart };
    return { value: interpolate(zeroAt(point.startMs), point, endMs, true), startMs: countStart };
  }
  let before = pointAt(window, last - 1);
  let after = point;
  let start = countStart;
  if (isCounter && beganAfter(point, endMs)) {
    after = zeroAt(point.startMs);
    start = before.startMs;
  } else if (isCounter && isStartReset(window, last)) {
    before = zeroAt(point.startMs);
  }
  return { value: interpolate(before, after, endMs, isCounter), startMs: start };
}

/** True if a later point shows that the counter was reset since an earlier one. */
function isResetBetween(before: Point, after: Point): boolean {
  const { startMs } = after;
  if (after.value < before.value) return true;
  if (startMs === 0 || startMs === before.startMs || startMs >= after.timeMs) return false;
  if (startMs !== before.timeMs) return startMs > before.timeMs;
  return before.startMs !== 0 && before.startMs < before.timeMs;
}

/**
 * How much a series changed between the ends of an anchored or smoothed range, a counter with what was lost at resets
 * (promql/functions.go, extendedRate). Undefined when nothing lies in the range.
 */
export function changeBetweenEnds(
  window: Window,
  range: RangeVector,
  lookbackMs: number,
  isCounter: boolean,
): number | undefined {
  const { startMs, endMs } = range;
  const bounds = boundsOf(window, range);
  const { times } = window;
  if (times[bounds.last]! <= startMs) return undefined;
  const earliest = pointAt(window, bounds.first);
  if (range.extended === 'smoothed' && earliest.timeMs > endMs) {
    const isKnown = isCounter && beganAfter(earliest, startMs - lookbackMs) && !beganAfter(earliest, endMs);
    if (!isKnown) return undefined;
  }
  const left = leftEnd(window, bounds, range, lookbackMs, isCounter);
  const right = rightEnd(window, bounds, range, lookbackMs, isCounter);
  let change = right.value - left.value;
  if (!isCounter) return change;
  const first = times[bounds.first]! <= startMs ? bounds.first + 1 : bounds.first;
  const last = times[bounds.last]! >= endMs ? bounds.last - 1 : bounds.last;
  let before: Point = { ...left, timeMs: startMs };
  for (let i = first; i <= last; i++) {
    const point = pointAt(window, i);
    if (isResetBetween(before, point)) change += before.value;
    before = point;
  }
  if (isResetBetween(before, { ...right, timeMs: endMs })) change += before.value;
  return change;
}

/**
 * The sample with which counting begins: in an anchored range the last one not later than its start. Undefined when
 * nothing lies in the range.
 */
export function firstInRange(window: Window, range: RangeVector): number | undefined {
  if (range.extended === undefined) return window.from;
  const after = indexAfter(window.times, window.from, window.to, range.startMs);
  return after === window.to ? undefined : Math.max(window.from, after - 1);
}

/** An extended range as a value: its ends, and the samples between them (promql/engine.go, extendFloats). */
export function withEnds(window: Window, range: RangeVector, lookbackMs: number): Window | undefined {
  const bounds = boundsOf(window, range);
  const { times, values } = window;
  const { startMs, endMs } = range;
  if (times[bounds.last]! <= startMs) return undefined;
  const first = times[bounds.first]! <= startMs ? bounds.first + 1 : bounds.first;
  const last = times[bounds.last]! >= endMs ? bounds.last - 1 : bounds.last;
  const left = leftEnd(window, bounds, range, lookbackMs, false).value;
  const right = rightEnd(window, bounds, range, lookbackMs, false).value;
  const inner = last >= first ? [first, last + 1] : [first, first];
  const count = inner[1]! - inner[0]!;
  return {
    ...window,
    times: Float64Array.of(startMs, ...times.subarray(...inner), endMs),
    values: Float64Array.of(left, ...values.subarray(...inner), right),
    from: 0,
    to: count + 2,
    start: 0,
    starts: undefined,
  };
}
