import { Labels } from '../../../samples/labels.ts';
import { parseSelector } from './parse-selector.ts';
import type { ParseOptions } from './parser.ts';
import { PromqlError } from '../promql-error.ts';
import { TokenStream } from '../lexer/token-stream.ts';

/** One point of a series description: a value, a gap, the end of the series, or a native histogram. */
export type DescribedPoint =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'gap' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'native-histogram' };

export interface SeriesDescription {
  readonly labels: Labels;
  readonly points: readonly DescribedPoint[];
}

const NUMBER = String.raw`(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|nan)`;
const VALUE = new RegExp(`^([+-]?${NUMBER})(?:([+-]${NUMBER}))?(?:x(\\d+))?$`, 'i');
const HISTOGRAM = /^\{\{[^}]*\}\}(?:[+-]\{\{[^}]*\}\})?(?:x(\d+))?$/;
const GAP = /^_(?:x(\d+))?$/;
const STALE = /^stale(?:x(\d+))?$/;

/** Refuses counts that no test needs and that would only fill memory. */
const MAX_POINTS = 1_000_000;

/** Where the labels end and the points begin. */
function headLength(text: string): number {
  const name = /^[^\s{]*/.exec(text)![0].length;
  if (text[name] !== '{' || text[name + 1] === '{') return name;
  let quote = '';
  for (let i = name + 1; i < text.length; i++) {
    const char = text[i]!;
    if (quote === '' && char === '}') return i + 1;
    if (quote === '' && /["'`]/.test(char)) quote = char;
    else if (char === quote) quote = '';
    else if (char === '\\' && quote !== '`') i++;
  }
  return text.length;
}

/** The labels of `name{a="b"}`; every matcher must be an equality. Throws `PromqlError`. */
export function parseLabels(text: string, { unquotedUtf8Names = false }: ParseOptions = {}): Labels {
  const tokens = new TokenStream(text, unquotedUtf8Names);
  const first = tokens.peek();
  const isNamed = first.word !== '{' && /^[\p{L}_:]/u.test(first.text);
  if (!isNamed && first.word !== '{') tokens.unexpected();
  const selector = parseSelector(tokens, isNamed ? tokens.take() : undefined);
  if (tokens.peek().kind !== 'end') tokens.unexpected();
  return Labels.fromEntries(selector.matchers.map(({ name, value }) => [name, value] as const));
}

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '');
  if (/^inf$/i.test(digits)) return sign * Number.POSITIVE_INFINITY;
  return sign * Number(digits);
}

function pointsOf(item: string): DescribedPoint[] | undefined {
  const many = (point: DescribedPoint, count: number): DescribedPoint[] =>
    Array.from({ length: Math.min(count, MAX_POINTS) }, () => point);
  const gap = GAP.exec(item);
  if (gap) return many({ kind: 'gap' }, Number(gap[1] ?? 1));
  const stale = STALE.exec(item);
  if (stale) return many({ kind: 'stale' }, stale[1] === undefined ? 1 : Number(stale[1]) + 1);
  const histogram = HISTOGRAM.exec(item);
  if (histogram) return many({ kind: 'native-histogram' }, Number(histogram[1] ?? 0) + 1);
  const value = VALUE.exec(item);
  if (!value) return undefined;
  const first = numberOf(value[1]!);
  const increment = value[2] === undefined ? 0 : numberOf(value[2]);
  const points: DescribedPoint[] = [];
  let current = first;
  for (let i = 0; i <= Math.min(Number(value[3] ?? 0), MAX_POINTS); i++) {
    points.push({ kind: 'value', value: current });
    current += increment;
  }
  return points;
}

/** The points of a sequence such as `1+2x3 _ stale 5`. Throws `PromqlError`. */
export function parsePoints(text: string): DescribedPoint[] {
  const points: DescribedPoint[] = [];
  for (const match of text.matchAll(/(?:\{\{[^}]*\}\}|[^\s{])+/g)) {
    const found = pointsOf(match[0]);
    if (found === undefined) {
      const span = { start: match.index, end: match.index + match[0].length };
      throw new PromqlError('parse', `unexpected ${JSON.stringify(match[0])} in series values`, text, span);
    }
    for (const point of found) points.push(point);
  }
  return points;
}

/**
 * A series as tests of rules and of PromQL write it: `name{a="b"} 1+2x3 _ stale` (docs/configuration/
 * unit_testing_rules.md, series). Throws `PromqlError`.
 */
export function parseSeries(text: string, options: ParseOptions = {}): SeriesDescription {
  const length = headLength(text);
  return { labels: parseLabels(text.slice(0, length), options), points: parsePoints(text.slice(length)) };
}
