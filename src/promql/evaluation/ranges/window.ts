// Hot path: one window per series, range selector and evaluation. It points into the buffers of the store; only where a
// staleness marker lies inside are the samples copied.
import type { Labels } from '../../../samples/labels.ts';
import type { SeriesView } from '../../../samples/queryable.ts';

/** The samples of one series within a range, without staleness markers: `[from, to)` of the arrays, never empty. */
export interface Window {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  /** Start of the cumulative count that all samples share (0: unknown), where `starts` is undefined. */
  readonly start: number;
  /** The start of each sample at the same index as its value, where they differ. */
  readonly starts: Float64Array | undefined;
}

/** First index in `[from, to)` whose time is later than `timeMs`; `to` when there is none. */
export function indexAfter(times: Float64Array, from: number, to: number, timeMs: number): number {
  // Rules read the present: most often the newest sample is not later.
  if (to > from && times[to - 1]! <= timeMs) return to;
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withoutStale(view: SeriesView, from: number, to: number, useStarts: boolean): Window | undefined {
  const kept: number[] = [];
  for (let i = from; i < to; i++) if (!view.isStale(i)) kept.push(i);
  if (kept.length === 0) return undefined;
  return {
    labels: view.labels,
    dropName: false,
    times: Float64Array.from(kept, (i) => view.times[i]!),
    values: Float64Array.from(kept, (i) => view.values[i]!),
    from: 0,
    to: kept.length,
    start: 0,
    starts: useStarts ? Float64Array.from(kept, (i) => view.startAt(i)) : undefined,
  };
}

function startsOf(view: SeriesView, from: number, to: number): Float64Array {
  const starts = new Float64Array(to);
  for (let i = from; i < to; i++) starts[i] = view.startAt(i);
  return starts;
}

/** The samples of a series later than `afterMs` and not later than `untilMs`; undefined when there are none. */
export function windowOf(
  view: SeriesView,
  afterMs: number,
  untilMs: number,
  useStarts: boolean,
): Window | undefined {
  const to = indexAfter(view.times, view.from, view.to, untilMs);
  const from = indexAfter(view.times, view.from, to, afterMs);
  if (from === to) return undefined;
  if (view.hasStale) return withoutStale(view, from, to, useStarts);
  const start = useStarts ? view.uniformStart(from, to) : 0;
  return {
    labels: view.labels,
    dropName: false,
    times: view.times,
    values: view.values,
    from,
    to,
    start: start ?? 0,
    starts: start === undefined ? startsOf(view, from, to) : undefined,
  };
}

/** Start of the count that a sample of a window belongs to, 0 when unknown. */
export function startOf(window: Window, index: number): number {
  return window.starts === undefined ? window.start : window.starts[index]!;
}

/**
 * True when the start timestamps of two neighbouring samples show that the counter was reset between them, whatever
 * the values are. A start that is the time of the sample before means a reset only if that sample had a start before
 * itself; else it is the unknown start of an OpenTelemetry counter. Equal starts are never a reset (promql/functions.go,
 * isStartTimestampReset).
 */
export function isStartReset(window: Window, i: number): boolean {
  const start = startOf(window, i);
  const before = window.times[i - 1]!;
  const startBefore = startOf(window, i - 1);
  if (start === startBefore || start === 0 || start < before || start >= window.times[i]!) return false;
  if (start > before) return true;
  return startBefore !== 0 && startBefore < before;
}

/** True when a sample claims to have begun before the one it follows, but not where that began. */
export function isStartOverlap(window: Window, i: number): boolean {
  const start = startOf(window, i);
  return start !== 0 && start < window.times[i - 1]! && start !== startOf(window, i - 1);
}
