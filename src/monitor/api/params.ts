import { parseDuration } from '../../alerts/promql/durations.ts';
import { parse, PromqlError } from '../../alerts/promql/index.ts';
import type { Matcher } from '../../alerts/promql/matcher.ts';
import { invalidParameter } from './reply.ts';

/** Bounds of what `start` and `end` may say; also what they are when not given. */
export const MIN_TIME_MS: number = Number.NEGATIVE_INFINITY;
export const MAX_TIME_MS: number = Number.POSITIVE_INFINITY;

/** About 292 years: what Go's durations hold. */
const MAX_SECONDS = 2 ** 63 / 1e9;
/** RFC 3339 as Go reads it. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** Go's ParseFloat, without hexadecimals. */
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Go writes the bounds of its time so, and clients send them. */
const EDGES: Readonly<Record<string, number>> = {
  '-292273086-05-16T16:47:06Z': MIN_TIME_MS,
  '292277025-08-18T07:12:54.999999999Z': MAX_TIME_MS,
};

/** The first value of a parameter; fields of a form stand before those of the address. Not given: ''. */
export function param(request: URL, name: string): string {
  return request.searchParams.get(name) ?? '';
}

/** Unix seconds with a fraction, or RFC 3339, as milliseconds. */
export function timeParam(request: URL, name: string, otherwise?: number): number {
  const text = param(request, name);
  if (text === '' && otherwise !== undefined) return otherwise;
  if (FLOAT.test(text) && Number.isFinite(Number(text))) return Math.round(Number(text) * 1000);
  const timeMs = RFC3339.test(text) ? Date.parse(text) : (EDGES[text] ?? Number.NaN);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

/** Seconds with a fraction, or a duration such as `1m30s`, as milliseconds. */
export function durationParam(request: URL, name: string): number {
  const text = param(request, name);
  if (FLOAT.test(text)) {
    const seconds = Number(text);
    if (Math.abs(seconds) <= MAX_SECONDS) return Math.round(seconds * 1000);
    throw invalidParameter(
      name,
      `cannot parse ${JSON.stringify(text)} to a valid duration. It overflows int64`,
    );
  }
  const duration = parseDuration(text);
  if (duration.ok) return duration.ms;
  throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
}

/** A whole number; not given: 0, which is no limit. */
export function limitParam(request: URL, name = 'limit'): number {
  const text = param(request, name);
  if (text === '') return 0;
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw invalidParameter(name, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const limit = Number(text);
  if (limit < 0) throw invalidParameter(name, 'limit must be non-negative');
  return limit;
}

/** The matchers of each `match[]`. */
export function matchersParam(request: URL): readonly (readonly Matcher[])[] {
  return request.searchParams.getAll('match[]').map(selectorOf);
}

function selectorOf(text: string): readonly Matcher[] {
  try {
    const { root } = parse(text);
    if (root.kind === 'vector-selector' && root.offsetMs === 0 && root.at === undefined) return root.matchers;
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    throw invalidParameter('match[]', error.toString());
  }
  throw invalidParameter('match[]', '1:1: parse error: expected a series selector');
}
