import { binary, exponential, fixed, formatNotFinite, general, hexadecimal } from './go-float.ts';
import { Duration, Time } from './go-time.ts';
import { goBackquote, goQuote, goQuoteRune } from './go-text.ts';
import {
  formatValue,
  GoMap,
  GoStruct,
  type GoValue,
  isList,
  MAX_TEXT,
  TextTooLong,
  typeName,
} from '../value.ts';

/** What a format asks of one value. */
export interface Spec {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
  /** The verb does not fit: what `%+v` and `%#v` change does not apply. */
  readonly isBad?: boolean;
}

const lengthOf = (text: string): number => Array.from(text).length;

function pad(body: string, { flags, width = 0 }: Spec, isNumber: boolean): string {
  if (width > MAX_TEXT) throw new TextTooLong();
  const missing = width - lengthOf(body);
  if (missing <= 0) return body;
  if (flags.includes('-')) return body + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + body;
  const sign = isNumber ? (/^[+ -]/.exec(body)?.[0] ?? '') : '';
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}

function withSign(body: string, flags: string): string {
  if (body.startsWith('-') || body.startsWith('+')) return body;
  if (flags.includes('+')) return `+${body}`;
  return flags.includes(' ') ? ` ${body}` : body;
}

function finite(value: number, { precision, verb }: Spec): string | undefined {
  switch (verb) {
    case 'v':
      return precision === undefined ? formatValue(value) : general(value, precision);
    case 'g':
      return precision === undefined ? formatValue(value) : general(value, precision);
    case 'G':
      return (precision === undefined ? formatValue(value) : general(value, precision)).toUpperCase();
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case 'e':
      return exponential(value, precision ?? 6);
    case 'E':
      return exponential(value, precision ?? 6).toUpperCase();
    case 'x':
      return hexadecimal(value, precision);
    case 'X':
      return hexadecimal(value, precision).toUpperCase();
    case 'b':
      return binary(value);
    default:
      return undefined;
  }
}

function float(value: number, spec: Spec): string | undefined {
  const { flags, precision, verb } = spec;
  if (!'vgGfFeExXb'.includes(verb)) return undefined;
  if ((precision ?? 0) > MAX_TEXT) throw new TextTooLong();
  const isGeneral = 'vgG'.includes(verb);
  // `%+v` is another verb than `%v` with a sign.
  const signs = verb === 'v' && spec.isBad !== true ? flags.replaceAll('+', '') : flags;
  if (!Number.isFinite(value)) {
    const body = formatNotFinite(value);
    const shown = body === '+Inf' && signs.includes(' ') && !signs.includes('+') ? ' Inf' : body;
    // Zeros before no number would be odd.
    const kept = { ...spec, flags: flags.replaceAll('0', '') };
    return pad(body === 'NaN' ? withSign(shown, signs) : shown, kept, true);
  }
  const plain = finite(value, spec);
  if (plain === undefined) return undefined;
  const isSharp = flags.includes('#') && verb !== 'b' && (verb !== 'v' || spec.isBad === true);
  const body = isSharp ? withPoint(plain, sharpDigits(verb, isGeneral, precision)) : plain;
  return pad(withSign(body, signs), spec, true);
}

function sharpDigits(verb: string, isGeneral: boolean, precision: number | undefined): number | undefined {
  if (isGeneral) return precision ?? 6;
  return 'xX'.includes(verb) && precision === undefined ? 5 : undefined;
}

/** The flag `#`: a point in any case, and for `%g` zeros up to the number of significant digits. */
function withPoint(body: string, digits: number | undefined): string {
  const at = body.search(/[ep]/i);
  const isHex = /^-?0x/i.test(body);
  const cut = at < 0 || (isHex && !/p/i.test(body)) ? body.length : body.search(isHex ? /p/i : /e/i);
  let mantissa = cut < 0 ? body : body.slice(0, cut);
  const tail = cut < 0 ? '' : body.slice(cut);
  if (!mantissa.includes('.')) mantissa += '.';
  if (digits !== undefined) {
    const significant = mantissa
      .replace(/^[+-]?(?:0(?=[xX])|0*\.?0*)/, '')
      .replace(/[xX]/, '')
      .replace('.', '').length;
    const isZero = !/[1-9]/.test(mantissa);
    const wanted = digits === 0 ? 1 : digits;
    mantissa += '0'.repeat(Math.max(0, wanted - (isZero ? 1 : significant)));
  }
  return mantissa + tail;
}

const RADIX: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function character(value: bigint): string {
  const code = value >= 0n && value <= 0x10_ff_ffn ? Number(value) : 0xff_fd;
  return String.fromCodePoint(code).toWellFormed();
}

function integer(value: bigint, spec: Spec): string | undefined {
  const { flags, precision, verb } = spec;
  if (verb === 'c') return pad(character(value), spec, false);
  if (verb === 'q') return pad(goQuoteRune(character(value), flags.includes('+')), spec, false);
  if (verb === 'U') {
    const code = `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
    const shown = flags.includes('#') ? `${code} '${character(value)}'` : code;
    return pad(shown, { ...spec, flags: flags.replaceAll('0', '') }, false);
  }
  const radix = RADIX[verb];
  if (radix === undefined) return undefined;
  if ((precision ?? 0) > MAX_TEXT) throw new TextTooLong();
  const magnitude = value < 0n ? -value : value;
  const sign = value < 0n ? '-' : withSign('', flags);
  if (precision === 0 && value === 0n) return pad('', { ...spec, flags: '' }, false);
  let digits = magnitude.toString(radix);
  const hasZeros = flags.includes('0') && !flags.includes('-') && precision === undefined;
  digits = digits.padStart(precision ?? 0, '0');
  if (hasZeros && (spec.width ?? 0) > 0) {
    if (spec.width! > MAX_TEXT) throw new TextTooLong();
    digits = digits.padStart(spec.width! - sign.length, '0');
  }
  let prefix = '';
  if (flags.includes('#')) {
    if (verb === 'b') prefix = '0b';
    else if (verb === 'x' || verb === 'X') prefix = '0x';
    else if (verb === 'o' && !digits.startsWith('0')) prefix = '0';
  }
  if (verb === 'O') prefix = '0o';
  const body = verb === 'X' ? (prefix + digits).toUpperCase() : prefix + digits;
  return pad(sign + body, { ...spec, flags: flags.replaceAll('0', '') }, true);
}

function hexText(value: string, { flags, precision, verb }: Spec): string {
  const bytes = Buffer.from(value).subarray(0, precision);
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const isSpaced = flags.includes(' ');
  const prefix = flags.includes('#') ? '0x' : '';
  const body = isSpaced ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  const shown = pairs.length === 0 ? '' : body;
  return verb === 'X' ? shown.toUpperCase() : shown;
}

function ofText(value: string, spec: Spec): string | undefined {
  const { flags, precision, verb } = spec;
  const cut = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
  switch (verb) {
    case 'v':
      return pad(flags.includes('#') && spec.isBad !== true ? goQuote(value) : cut, spec, false);
    case 's':
      return pad(cut, spec, false);
    case 'q':
      return pad(flags.includes('#') ? goBackquote(cut) : goQuote(cut, flags.includes('+')), spec, false);
    case 'x':
    case 'X':
      return pad(hexText(value, spec), spec, false);
    default:
      return undefined;
  }
}

function one(value: GoValue, spec: Spec): string | undefined {
  const { verb } = spec;
  if (verb === 'T') return ofText(value === null ? '<nil>' : typeName(value), { ...spec, verb: 's' }) ?? '';
  if (value === null) {
    return verb === 'v' ? pad('<nil>', { ...spec, flags: spec.flags.replaceAll('0', '') }, false) : undefined;
  }
  if (typeof value === 'number') return float(value, spec);
  if (typeof value === 'bigint') return integer(value, spec);
  if (typeof value === 'string') return ofText(value, spec);
  if (typeof value === 'boolean') {
    return verb === 't' || verb === 'v' ? pad(String(value), spec, false) : undefined;
  }
  if (value instanceof Time || value instanceof Duration) return ofText(value.toString(), spec);
  return composed(value, spec);
}

/** Lists, maps and structs: the verb is for what they hold. */
function composed(value: GoMap | GoStruct | readonly GoValue[], spec: Spec): string {
  const parts: string[] = [];
  let left = MAX_TEXT;
  const add = (part: string): void => {
    left -= part.length;
    if (left < 0) throw new TextTooLong();
    parts.push(part);
  };
  if (isList(value)) {
    for (const item of value) add(formatWith(item, spec));
    return `[${parts.join(' ')}]`;
  }
  if (value instanceof GoMap) {
    const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, item] of entries) add(`${formatWith(key, spec)}:${formatWith(item, spec)}`);
    return `map[${parts.join(' ')}]`;
  }
  const isNamed = spec.flags.includes('+') && spec.verb === 'v';
  for (const [name, item] of Object.entries(value.fields)) {
    add((isNamed ? `${name}:` : '') + formatWith(item, spec));
  }
  return `{${parts.join(' ')}}`;
}

/** A value under a verb; one that does not fit gives Go's `%!verb(type=value)`. */
export function formatWith(value: GoValue, spec: Spec): string {
  const body = one(value, spec);
  if (body !== undefined) return body;
  if (value === null) return `%!${spec.verb}(<nil>)`;
  // The value itself is written as %v with the same flags.
  return `%!${spec.verb}(${typeName(value)}=${one(value, { ...spec, verb: 'v', isBad: true })})`;
}
