import { isAlphaNumeric, isDigit } from './characters.ts';

/** What begins at an offset of a text: the end of a number or duration, or of what looks like one but is not. */
export interface NumberScan {
  readonly kind: 'number' | 'duration' | 'bad';
  readonly end: number;
}

const HEX = /^[0-9a-fA-F]$/;

/**
 * Scans `123`, `1.5e3`, `0x1F`, `1_000` as Prometheus' lexer does (promql/parser/lex.go, scanNumber): what follows must
 * not be a letter or digit. Whether the text is a valid number is decided later.
 */
function scanNumber(text: string, start: number): { readonly ok: boolean; readonly end: number } {
  let at = start;
  const isHex = text[at] === '0' && (text[at + 1] === 'x' || text[at + 1] === 'X');
  if (isHex) at += text[at + 2] === '_' ? 3 : 2;
  // A zero is taken as the beginning of 0x, so that a dot behind it may be followed by another. Reading it as a number
  // then fails, with another error text.
  else if (text[at] === '0') at++;
  const isInDigits = (char: string): boolean => (isHex ? HEX.test(char) : isDigit(char));
  if (text[at] === '.') at++;
  if (isInDigits(text[at] ?? '')) at++;
  let dotSeen = false;
  let exponentSeen = false;
  for (;;) {
    const char = text[at] ?? '';
    if (isInDigits(char)) {
      at++;
    } else if (char === '.') {
      at++;
      if (dotSeen || isHex) return { ok: false, end: at };
      dotSeen = true;
      if (text[at] === '_' || text[at] === '.') return { ok: false, end: at + 1 };
    } else if (char === 'e' || char === 'E') {
      at++;
      if (exponentSeen) return { ok: false, end: at };
      exponentSeen = true;
      if (text[at] === '+' || text[at] === '-') at++;
      if (/^[._eE]?$/.test(text[at] ?? '')) return { ok: false, end: Math.min(at + 1, text.length) };
    } else if (char === '_') {
      at++;
      if (/^[._eE]?$/.test(text[at] ?? '')) return { ok: false, end: Math.min(at + 1, text.length) };
    } else {
      break;
    }
  }
  return { ok: at > start && !isAlphaNumeric(text[at] ?? ''), end: at };
}

/** The rest of a duration whose first digits end at `at`: a unit, then more digits and units. */
function scanUnits(text: string, at: number): NumberScan {
  let end = at;
  const accept = (set: string): boolean => {
    const isIn = end < text.length && set.includes(text[end]!);
    if (isIn) end++;
    return isIn;
  };
  if (!accept('smhdwy')) return { kind: 'bad', end };
  accept('s');
  while (accept('0123456789')) {
    while (accept('0123456789'));
    if (!accept('smhdw')) return { kind: 'bad', end };
    accept('s');
  }
  return isAlphaNumeric(text[end] ?? '') ? { kind: 'bad', end: end + 1 } : { kind: 'duration', end };
}

/** Scans a number or a duration at the offset of a digit, or of a dot and a digit. */
export function scanNumberOrDuration(text: string, start: number): NumberScan {
  const number = scanNumber(text, start);
  return number.ok ? { kind: 'number', end: number.end } : scanUnits(text, number.end);
}
