import { parseRfc3339 } from '../../../time/rfc3339.ts';
import { parseDuration } from '../../../promql/syntax/durations.ts';
import type { Matcher } from '../../../promql/syntax/matchers/matcher.ts';
import { parseSelector } from '../../../promql/syntax/parser/parse-selector.ts';
import { PromqlError } from '../../../promql/syntax/promql-error.ts';
import { TokenStream } from '../../../promql/syntax/lexer/token-stream.ts';
import { ApiError, invalidParameter } from './reply.ts';

/** The latest time of a JavaScript date. */
const MAX_DATE_MS = 8.64e15;
/** Bounds of `start` and `end`; also their defaults. */
export const MIN_TIME_MS: number = -MAX_DATE_MS;
export const MAX_TIME_MS: number = MAX_DATE_MS;

/** About 292 years: what Go's durations hold. */
const MAX_SECONDS = 2 ** 63 / 1e9;
/** Go's ParseFloat, without hexadecimals. */
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Go writes the bounds of its time so, and clients send them. */
const EDGES: Readonly<Record<string, number>> = {
  '-292273086-05-16T16:47:06Z': MIN_TIME_MS,
  '292277025-08-18T07:12:54.999999999Z': MAX_TIME_MS,
};

/** The first value of a parameter; fields of a form come before those of the address. Not given: ''. */
export function param(request: URL, name: string): string {
  return request.searchParams.get(name) ?? '';
}

/** Unix seconds with a fraction, or RFC 3339, as milliseconds. */
export function timeParam(request: URL, name: string): number {
  const text = param(request, name);
  const timeMs = parseTime(text);
  if (timeMs !== undefined) return timeMs;
  throw invalidParameter(name, cannotParse(text));
}

/** The same where it need not be given. */
export function optionalTimeParam(request: URL, name: string, otherwise: number): number {
  const text = param(request, name);
  const timeMs = text === '' ? otherwise : parseTime(text);
  if (timeMs !== undefined) return timeMs;
  throw invalidParameter(name, `invalid time value for '${name}': ${cannotParse(text)}`);
}

const cannotParse = (text: string): string => `cannot parse ${JSON.stringify(text)} to a valid timestamp`;

function parseTime(text: string): number | undefined {
  const timeMs = FLOAT.test(text) ? Math.round(Number(text) * 1000) : parseRfc3339(text);
  if (timeMs === undefined) return EDGES[text];
  // Beyond what a date can be, steps of a millisecond would be lost in rounding, and a query would never end.
  return Math.abs(timeMs) <= MAX_DATE_MS ? timeMs : undefined;
}

/** Seconds with a fraction, or a duration such as `1m30s`, as milliseconds; else why it is none. */
export function parseDurationMs(text: string): number | { readonly error: string } {
  const error = `cannot parse ${JSON.stringify(text)} to a valid duration`;
  if (FLOAT.test(text)) {
    const seconds = Number(text);
    if (Math.abs(seconds) > MAX_SECONDS) return { error: `${error}. It overflows int64` };
    return Math.round(seconds * 1000);
  }
  const duration = parseDuration(text);
  return duration.ok ? duration.ms : { error };
}

export function durationParam(request: URL, name: string): number {
  const found = parseDurationMs(param(request, name));
  if (typeof found === 'number') return found;
  throw invalidParameter(name, found.error);
}

/** Go's `strconv.Atoi`. */
function wholeNumber(text: string): number | undefined {
  return /^[+-]?\d{1,18}$/.test(text) ? Number(text) : undefined;
}

/** A whole number; not given: 0, which is no limit. */
export function limitParam(request: URL): number {
  const text = param(request, 'limit');
  if (text === '') return 0;
  const limit = wholeNumber(text);
  if (limit === undefined) {
    throw invalidParameter('limit', `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  if (limit < 0) throw invalidParameter('limit', 'limit must be non-negative');
  return limit;
}

/** The limits of /metadata: worded otherwise, and -1 or not given is none. */
export function metadataLimitParam(request: URL, name: string): number {
  const text = param(request, name);
  const limit = text === '' ? -1 : wholeNumber(text);
  if (limit === undefined) throw new ApiError('bad_data', `${name} must be a number`);
  return limit < 0 ? Number.POSITIVE_INFINITY : limit;
}

/** Go's `strconv.ParseBool`; not given: false. */
export function booleanParam(request: URL, name: string): boolean {
  const text = param(request, name);
  if (text === '' || ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  const why = `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw invalidParameter(name, `error converting ${name}: ${why}`);
}

/** A parse error as the API of Prometheus prints it: an empty text has no positions. */
export function parseErrorText(error: PromqlError, text: string): string {
  return text === '' ? `unknown position: parse error: ${error.message}` : error.toString();
}

/** One selector without modifiers. Throws `PromqlError`. */
function parseMetricSelector(text: string): readonly Matcher[] {
  const tokens = new TokenStream(text);
  const first = tokens.peek();
  const isNamed = /^[a-z_:]/i.test(first.text);
  if (!isNamed && first.word !== '{') tokens.unexpected();
  const { matchers } = parseSelector(tokens, isNamed ? tokens.take() : undefined);
  if (tokens.peek().kind !== 'end') tokens.unexpected();
  return matchers;
}

/** Selectors that one request may have; each is a search through all series. */
const MAX_SELECTORS = 500;

/** The texts of `match[]`; `fail` makes the error of the address out of what is wrong. */
export function selectorParams(request: URL, fail: (why: string) => ApiError): readonly string[] {
  const texts = request.searchParams.getAll('match[]');
  if (texts.length > MAX_SELECTORS) throw fail(`more than ${MAX_SELECTORS} selectors`);
  return texts;
}

/** The matchers of one `match[]`. */
export function matchersOf(text: string, fail: (why: string) => ApiError): readonly Matcher[] {
  let matchers: readonly Matcher[];
  try {
    matchers = parseMetricSelector(text);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    throw fail(parseErrorText(error, text));
  }
  if (matchers.some((matcher) => !matcher.matches(''))) return matchers;
  throw fail('match[] must contain at least one non-empty matcher');
}
