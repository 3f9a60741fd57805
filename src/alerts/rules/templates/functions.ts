import { expandReferences } from '../../../promql/syntax/matchers/expand.ts';
import { Re2Pattern } from '../../../promql/syntax/matchers/re2.ts';
import { parseDurationMs } from '../../../promql/syntax/durations.ts';
import { comparisons } from './comparisons.ts';
import { Duration, Time } from './formatting/go-time.ts';
import { humanize, humanize1024, humanizeDuration, humanizePercentage } from './formatting/humanize.ts';
import { htmlEscape, jsEscape, queryEscape } from './formatting/go-text.ts';
import { sprintf } from './formatting/printf.ts';
import type { TemplateFunction } from './template-function.ts';
import {
  formatValue,
  GoMap,
  GoStruct,
  type GoValue,
  isList,
  isTrue,
  MAX_TEXT,
  type TemplateSample,
  TextTooLong,
  typeName,
} from './value.ts';

/** Nanoseconds in 64 bits reach from 1677 to 2262. */
const MAX_SECONDS = 9_223_372_036.854;

function wrong(value: GoValue, wanted: string): never {
  throw new TypeError(`wrong type: expected ${wanted}, got ${typeName(value)}`);
}

function text(value: GoValue): string {
  return typeof value === 'string' ? value : wrong(value, 'string');
}

/** Numbers, and texts that hold one, as `humanize` and its relatives take them. */
function float(value: GoValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Duration) return value.seconds;
  if (typeof value !== 'string') return wrong(value, 'a number');
  const named = /^([+-]?)(?:inf|infinity)$/i.exec(value);
  if (named) return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(value)) return Number.NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) {
    throw new TypeError(`parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  return Number(value);
}

function time(value: GoValue): Time {
  const seconds = float(value);
  if (Number.isNaN(seconds) || Math.abs(seconds) > MAX_SECONDS) {
    throw new RangeError(`${formatValue(seconds)} cannot be represented as a nanoseconds timestamp`);
  }
  return new Time(seconds);
}

function list(value: GoValue): readonly GoValue[] {
  return isList(value) ? value : wrong(value, 'the result of a query');
}

function sample(value: GoValue): GoStruct {
  return value instanceof GoStruct && value.type === 'sample' ? value : wrong(value, 'a sample of a query');
}

function labelOf(value: GoValue, name: string): string {
  const labels = sample(value).fields['Labels'];
  return labels instanceof GoMap ? formatValue(labels.entries.get(name) ?? '') : '';
}

export function toStruct({ Labels, Value }: TemplateSample): GoStruct {
  return new GoStruct('sample', { Labels: GoMap.labels(Labels), Value });
}

const byLabel = (name: string, a: GoValue, b: GoValue): number => {
  const [left, right] = [labelOf(a, name), labelOf(b, name)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Splits `host:port`; what has no port, or is no address, stays as it is (Go, net.SplitHostPort). */
function stripPort(address: string): string {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):[^:[\]]*$/.exec(address);
  return match ? (match[1] ?? match[2] ?? '') : address;
}

function stripDomain(address: string): string {
  const host = stripPort(address);
  const isIp = /^[\d.]+$/.test(host) || host.includes(':');
  if (isIp) return address;
  const first = host.split('.')[0] ?? '';
  const port = address.slice(host.length);
  return address.startsWith(host) && port.startsWith(':') ? first + port : first;
}

const title = (value: string): string =>
  value.replaceAll(
    /(^|[^\p{L}\p{N}_'])(\p{Ll})/gu,
    (_all, before: string, letter: string) => before + letter.toUpperCase(),
  );

const link = (expr: string, tab: 0 | 1): string => `/graph?g0.expr=${queryEscape(expr)}&g0.tab=${tab}`;

/** A pattern in the form of templates, where a dot matches no line break. */
function patternOf(value: GoValue): Re2Pattern {
  return new Re2Pattern(text(value), 'dot matches no line break');
}

/** Go's `ReplaceAllString`; how long the result becomes is asked before it is built. */
function replaceAll(pattern: Re2Pattern, replacement: string, value: string): string {
  const matcher = pattern.engineFor(value).matcher(value);
  const names = pattern.namedGroups;
  let result = '';
  let from = 0;
  const check = (chars: number): void => {
    if (result.length + chars > MAX_TEXT) throw new TextTooLong();
  };
  while (matcher.find()) {
    const between = value.slice(from, matcher.start());
    check(between.length);
    result += between;
    result += expandReferences(replacement, matcher, names, check);
    from = matcher.end();
  }
  check(value.length - from);
  return result + value.slice(from);
}

/** Go puts a space between two operands when neither is a text. */
function print(args: readonly GoValue[]): string {
  let result = '';
  args.forEach((value, i) => {
    const between = i > 0 && typeof value !== 'string' && typeof args[i - 1] !== 'string';
    result += (between ? ' ' : '') + formatValue(value);
  });
  return result;
}

/** What `html`, `js` and `urlquery` take: one text as it is, else as `print`; nil is no value here. */
function printed(args: readonly GoValue[]): string {
  return print(args.map((value) => value ?? '<no value>'));
}

function index(args: readonly GoValue[]): GoValue {
  let value: GoValue = args[0] ?? null;
  for (const key of args.slice(1)) {
    if (value instanceof GoMap) value = value.entries.get(text(key)) ?? (value.kind === 'labels' ? '' : null);
    else if (isList(value) && typeof key === 'bigint') {
      const found = value[Number(key)];
      if (found === undefined) throw new RangeError(`index out of range: ${key}`);
      value = found;
    } else return wrong(value, 'a map or a list');
  }
  return value;
}

function slice(args: readonly GoValue[]): GoValue {
  const [value = null, from = 0n, to] = args;
  if (typeof value !== 'string' && !isList(value)) return wrong(value, 'a string or a list');
  // Of a text the bytes count.
  const whole = typeof value === 'string' ? Buffer.from(value) : value;
  const end = to === undefined ? whole.length : Number(to);
  if (Number(from) > end || end > whole.length || Number(from) < 0)
    throw new RangeError('index out of range');
  if (typeof value !== 'string') return value.slice(Number(from), end);
  return Buffer.from(value).subarray(Number(from), end).toString();
}

function length(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isList(value)) return BigInt(value.length);
  return value instanceof GoMap ? BigInt(value.entries.size) : wrong(value, 'something with a length');
}

function parseDuration(value: string): number {
  const valueMs = parseDurationMs(value);
  if (valueMs === undefined) throw new TypeError(`not a valid duration string: ${JSON.stringify(value)}`);
  return valueMs / 1000;
}

const of = (least: number, most: number, call: TemplateFunction['call']): TemplateFunction => ({
  least,
  most,
  call,
});
const ofNumber = (call: (value: number) => GoValue): TemplateFunction => of(1, 1, ([a]) => call(float(a!)));
const ofText = (call: (value: string) => GoValue): TemplateFunction => of(1, 1, ([a]) => call(text(a!)));

/**
 * The functions of Prometheus' templates (docs/configuration/template_reference.md) and Go's own (text/template/funcs.go).
 * `and` and `or` stop early and are therefore evaluated elsewhere.
 */
export const functions: Readonly<Record<string, TemplateFunction>> = {
  query: of(1, 1, ([expr], { query }) => query(text(expr!)).map(toStruct)),
  first: of(1, 1, ([values]) => {
    const found = list(values!)[0];
    if (found === undefined) throw new RangeError('first() called on vector with no elements');
    return found;
  }),
  label: of(2, 2, ([name, value]) => labelOf(value!, text(name!))),
  value: of(1, 1, ([value]) => sample(value!).fields['Value'] ?? 0),
  strvalue: of(1, 1, ([value]) => labelOf(value!, '__value__')),
  sortByLabel: of(2, 2, ([name, values]) => list(values!).toSorted((a, b) => byLabel(text(name!), a, b))),
  args: of(
    0,
    100,
    (args) =>
      new GoMap(
        'args',
        args.map((value, i) => [`arg${i}`, value] as const),
      ),
  ),
  humanize: ofNumber(humanize),
  humanize1024: ofNumber(humanize1024),
  humanizeDuration: ofNumber(humanizeDuration),
  humanizePercentage: ofNumber(humanizePercentage),
  humanizeTimestamp: ofNumber((value) =>
    Number.isFinite(value) ? time(value).toString() : formatValue(value),
  ),
  toTime: ofNumber((value) => time(value)),
  toDuration: ofNumber((value) => new Duration(value)),
  now: of(0, 0, (_args, { nowMs }) => nowMs / 1000),
  title: ofText(title),
  toUpper: ofText((value) => value.toUpperCase()),
  toLower: ofText((value) => value.toLowerCase()),
  stripPort: ofText(stripPort),
  stripDomain: ofText(stripDomain),
  match: of(2, 2, ([pattern, value]) =>
    patternOf(pattern!).engineFor(text(value!)).matcher(text(value!)).find(),
  ),
  reReplaceAll: of(3, 3, ([pattern, replacement, value]) =>
    replaceAll(patternOf(pattern!), text(replacement!), text(value!)),
  ),
  graphLink: ofText((expr) => link(expr, 0)),
  tableLink: ofText((expr) => link(expr, 1)),
  parseDuration: ofText(parseDuration),
  urlQueryEscape: ofText(queryEscape),
  safeHtml: ofText((value) => value),
  externalURL: of(0, 0, (_args, { externalUrl }) => externalUrl),
  pathPrefix: of(0, 0, (_args, { externalUrl }) =>
    URL.canParse(externalUrl) ? new URL(externalUrl).pathname.replace(/\/$/, '') : '',
  ),
  len: of(1, 1, ([value]) => length(value!)),
  index: of(1, 100, index),
  slice: of(1, 3, slice),
  not: of(1, 1, ([value]) => !isTrue(value!)),
  print: of(0, 100, print),
  println: of(0, 100, (args) => `${args.map(formatValue).join(' ')}\n`),
  printf: of(1, 100, ([format, ...args]) => sprintf(text(format!), args)),
  html: of(0, 100, (args) => htmlEscape(printed(args))),
  js: of(0, 100, (args) => jsEscape(printed(args))),
  urlquery: of(0, 100, (args) => queryEscape(printed(args))),
  ...comparisons,
};

export const functionNames: ReadonlySet<string> = new Set([...Object.keys(functions), 'and', 'or']);
