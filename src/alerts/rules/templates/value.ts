import { Duration, Time } from './formatting/go-time.ts';

/** A sample as templates see it. */
export interface TemplateSample {
  readonly Labels: Readonly<Record<string, string>>;
  readonly Value: number;
}

/** A map whose missing keys read as the empty text (`labels`) or as nothing (`args`). */
export class GoMap {
  readonly kind: 'labels' | 'args';
  readonly entries: ReadonlyMap<string, GoValue>;

  constructor(kind: 'labels' | 'args', entries: Iterable<readonly [string, GoValue]>) {
    this.kind = kind;
    this.entries = new Map(entries);
  }

  static labels(record: Readonly<Record<string, string>>): GoMap {
    return new GoMap('labels', Object.entries(record));
  }
}

/** A struct: asking it for a field that it does not have is an error. */
export class GoStruct {
  readonly type: string;
  readonly fields: Readonly<Record<string, GoValue>>;

  constructor(type: string, fields: Readonly<Record<string, GoValue>>) {
    this.type = type;
    this.fields = fields;
  }
}

/** The values of templates: a bigint is an integer of Go, a number a float64, null is nil. */
export type GoValue =
  string | number | bigint | boolean | null | GoMap | GoStruct | Time | Duration | readonly GoValue[];

export const isList = (value: GoValue): value is readonly GoValue[] => Array.isArray(value);

/**
 * A float64 as Go's `%v` prints it: shortest digits, with an exponent below 1e-4 and from 1e+06 on (strconv, ftoa.go:
 * precision 6 decides when the shortest digits are wanted).
 */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Characters that one text of a template may have, on its way or as its result. */
export const MAX_TEXT = 65_536;

/** A text of a template became too long. */
export class TextTooLong extends RangeError {
  constructor() {
    super(`more than ${MAX_TEXT} characters`);
  }
}

/** A value as Go's `%v` prints it inside a text. Throws a `TextTooLong`: values can hold each other many times. */
export function formatValue(value: GoValue): string {
  let left = MAX_TEXT;
  const counted = (text: string): string => {
    left -= text.length + 1;
    if (left < -1) throw new TextTooLong();
    return text;
  };
  const format = (part: GoValue): string => {
    if (part === null) return counted('<nil>');
    if (typeof part === 'number') return counted(formatFloat(part));
    if (typeof part !== 'object') return counted(String(part));
    if (isList(part)) return `[${part.map(format).join(' ')}]`;
    if (part instanceof GoMap) {
      const keys = [...part.entries.keys()].sort();
      const entry = (key: string): string => `${counted(key)}:${format(part.entries.get(key) ?? null)}`;
      return `map[${keys.map(entry).join(' ')}]`;
    }
    if (part instanceof GoStruct) return `{${Object.values(part.fields).map(format).join(' ')}}`;
    return counted(part.toString());
  };
  return format(value);
}

/** Go's name of the type, for messages. */
export function typeName(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      break;
  }
  if (value === null) return 'nil';
  if (value instanceof GoMap)
    return value.kind === 'labels' ? 'map[string]string' : 'map[string]interface {}';
  if (value instanceof GoStruct) return value.type;
  if (value instanceof Time) return 'time.Time';
  return value instanceof Duration ? 'time.Duration' : 'list';
}

/** What `if` and `with` take for true: anything but zero, empty and nil. */
export function isTrue(value: GoValue): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return false;
  if (typeof value !== 'object') return true;
  if (isList(value)) return value.length > 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  return value instanceof Duration ? value.seconds !== 0 : true;
}
