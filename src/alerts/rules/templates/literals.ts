import { SIMPLE_ESCAPES } from '../../../promql/syntax/lexer/strings.ts';

const SIMPLE: Readonly<Record<string, string>> = { ...SIMPLE_ESCAPES, "'": "'", '"': '"' };

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g;

/** The value of a quoted Go literal; undefined when an escape is none of Go's. */
export function unquote(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner.replaceAll('\r', '');
  let valid = true;
  const text = inner.replaceAll(
    ESCAPE,
    (whole, x?: string, u?: string, long?: string, octal?: string, simple = '') => {
      const hex = x ?? u ?? long;
      const code = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16);
      if (!Number.isNaN(code)) {
        valid &&= code <= 0x10_ff_ff;
        return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
      }
      valid &&= simple in SIMPLE;
      return SIMPLE[simple] ?? whole;
    },
  );
  return valid ? text : undefined;
}

/** The code point of a character constant such as `'a'`. */
export function readChar(literal: string): bigint | undefined {
  const char = unquote(literal);
  const code = char?.codePointAt(0);
  return code !== undefined && char === String.fromCodePoint(code) ? BigInt(code) : undefined;
}

/** An integer of Go as a bigint, a float64 as a number; undefined when it is neither. */
export function readNumber(literal: string): bigint | number | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(literal.replaceAll('_', ''))!;
  const octal = /^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (!/^0[xob]|^\d+$/i.test(octal)) return Number(sign + digits);
  try {
    const value = sign === '-' ? -BigInt(octal) : BigInt(octal);
    return BigInt.asIntN(64, value) === value ? value : undefined;
  } catch {
    return undefined;
  }
}
