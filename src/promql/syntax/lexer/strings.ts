import { nameChar } from './characters.ts';

/** A quoted text at an offset: where it ends and its value, or why it is none. */
export type StringScan =
  | { readonly ok: true; readonly end: number; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** The letters of Go's one-letter escapes, quotes left out. */
export const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const bad = (message: string): StringScan => ({ ok: false, message });

function scanRaw(text: string, start: number): StringScan {
  const end = text.indexOf('`', start + 1);
  if (end < 0) return bad('unterminated raw string');
  return { ok: true, end: end + 1, value: text.slice(start + 1, end) };
}

/** Digits of an escape such as `\x41`: how many, their base, and whether they name a byte. */
function escapeForm(
  char: string,
): { readonly digits: number; readonly base: number; readonly skip: number } | undefined {
  if (char >= '0' && char <= '7') return { digits: 3, base: 8, skip: 0 };
  if (char === 'x') return { digits: 2, base: 16, skip: 1 };
  if (char === 'u') return { digits: 4, base: 16, skip: 1 };
  if (char === 'U') return { digits: 8, base: 16, skip: 1 };
  return undefined;
}

type Escape =
  | {
      readonly ok: true;
      readonly end: number;
      readonly bytes: readonly number[] | undefined;
      readonly value: string;
    }
  | { readonly ok: false; readonly message: string };

/** Reads the escape whose backslash is at `at`. */
function scanEscape(text: string, at: number, quote: string): Escape {
  const char = text[at + 1];
  if (char === undefined) return { ok: false, message: 'escape sequence not terminated' };
  const simple = char === quote ? quote : SIMPLE_ESCAPES[char];
  if (simple !== undefined) return { ok: true, end: at + 2, bytes: undefined, value: simple };
  const form = escapeForm(char);
  if (form === undefined) {
    const unknown = String.fromCodePoint(text.codePointAt(at + 1)!);
    return { ok: false, message: `unknown escape sequence ${nameChar(unknown)}` };
  }
  const first = at + 1 + form.skip;
  let code = 0;
  for (let i = first; i < first + form.digits; i++) {
    const digit = Number.parseInt(text[i] ?? '', form.base);
    if (text[i] === undefined) return { ok: false, message: 'escape sequence not terminated' };
    if (Number.isNaN(digit)) {
      const wrong = String.fromCodePoint(text.codePointAt(i)!);
      return { ok: false, message: `illegal character ${nameChar(wrong)} in escape sequence` };
    }
    code = code * form.base + digit;
  }
  const isByte = form.digits < 4;
  if (code > (isByte ? 255 : 0x10_ffff) || (code >= 0xd800 && code < 0xe000)) {
    return { ok: false, message: 'escape sequence is an invalid Unicode code point' };
  }
  const end = first + form.digits;
  return isByte && code > 127
    ? { ok: true, end, bytes: [code], value: '' }
    : { ok: true, end, bytes: undefined, value: String.fromCodePoint(code) };
}

/**
 * Text of bytes. Those that are no UTF-8 become lone surrogates U+DC80…U+DCFF, so that such a text is not well-formed
 * and can be distinguished from all others.
 */
function decodeBytes(bytes: readonly number[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return String.fromCharCode(...bytes.map((byte) => (byte < 128 ? byte : 0xdc00 + byte)));
  }
}

/**
 * Scans a string literal with Go's escapes; `\xNN` and `\NNN` are bytes of UTF-8 (promql/parser/lex.go,
 * util/strutil/quote.go). The offset is that of the opening quote.
 */
export function scanString(text: string, start: number): StringScan {
  const quote = text[start]!;
  if (quote === '`') return scanRaw(text, start);
  let value = '';
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) value += decodeBytes(bytes);
    bytes = [];
  };
  for (let at = start + 1; ;) {
    const char = text[at];
    if (char === undefined || char === '\n') return bad('unterminated quoted string');
    if (char === quote) {
      flush();
      return { ok: true, end: at + 1, value };
    }
    if (char !== '\\') {
      flush();
      value += char;
      at++;
      continue;
    }
    const escape = scanEscape(text, at, quote);
    if (!escape.ok) return bad(escape.message);
    if (escape.bytes === undefined) {
      flush();
      value += escape.value;
    } else {
      bytes.push(...escape.bytes);
    }
    at = escape.end;
  }
}

/** The value of a string token. */
export function unquote(literal: string): string {
  const scan = scanString(literal, 0);
  return scan.ok ? scan.value : literal;
}
