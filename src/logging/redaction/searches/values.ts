// Hot path: finds where the value of a name ends. Each is linear in what it passes over, and what it passes over is redacted.

import { codeAt } from '../code-at.ts';

const BACKSLASH = 92;
const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96;
const isBlank = (code: number): boolean => code === 32 || code === 9 || code === 0xa0;
const isLineEnd = (code: number): boolean => code === 10 || code === 13;
export { isBlank, isLineEnd, isQuote };

/** Past up to `most` blanks. */
export function pastBlanks(text: string, at: number, most: number): number {
  const end = Math.min(text.length, at + most);
  while (at < end && isBlank(codeAt(text, at))) at++;
  return at;
}

/** Past blanks and line ends, up to `most`. */
export function pastSpace(text: string, at: number, most: number): number {
  const end = Math.min(text.length, at + most);
  while (at < end && (isBlank(codeAt(text, at)) || isLineEnd(codeAt(text, at)))) at++;
  return at;
}

/** The number of backslashes at `at`, which shows how many times the surrounding JSON was encoded as a JSON string. */
export function backslashes(text: string, at: number): number {
  let count = 0;
  while (count < 64 && codeAt(text, at + count) === BACKSLASH) count++;
  return count;
}

/**
 * The end of what a quote with `level` backslashes before it opened: the index of the closing quote's first
 * backslash, or of the quote itself; the end of the text when it is cut off. In JSON of depth d a quote has
 * 2^d - 1 backslashes, and within its string an escaped one has 2^(d+1) - 1.
 */
export function quotedEnd(text: string, from: number, quote: number, level: number): number {
  const period = 2 * (level + 1);
  // Within a string of JSON its end is the end of everything.
  const inJson = quote !== 34 && isJson(text);
  let run = 0;
  for (let at = from; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code === BACKSLASH) run++;
    else if (code === quote && run % period === level) return at - level;
    else if (inJson && code === 34 && run === 0) return at;
    // Fewer backslashes: what ends here is the string around.
    else if (code === quote && run < level) return at - run;
    else run = 0;
  }
  return text.length;
}

const JSON_TEXT = /^\s{0,8}[[{]\s{0,16}["[{]/;
/** Whether a text is JSON, not what `util.inspect` makes of an object; by how it begins. */
export const isJson = (text: string): boolean => JSON_TEXT.test(text);

const ESCAPES_AT_END = new Set(['r', 'n', 't', '"', "'", '\\', 'u']);
/** After a comma, semicolon or ampersand: the next name with its separator. */
const NEXT_NAME = /[\s;,&]{0,4}[\w.$[\]-]{1,40}['"]?\s?[=:]/y;

/** Whether the `,`, `;` or `&` at `at` ends a value: something else begins after it. */
function endsValue(text: string, at: number): boolean {
  const next = codeAt(text, at + 1);
  if (next === 0 || isBlank(next) || isLineEnd(next)) return true;
  NEXT_NAME.lastIndex = at + 1;
  return NEXT_NAME.test(text);
}

/** The end of a value without quotes: a blank, a quote, or a separator behind which another name begins. */
export function bareEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code <= 32 || code === 34 || code === 39 || code === 96 || code === 60 || code === 0xa0) break;
    if ((code === 44 || code === 59 || code === 38) && endsValue(text, at)) break;
    if (code === BACKSLASH && ESCAPES_AT_END.has(text.charAt(at + 1))) break;
    if (code === 37 && text.startsWith('%26', at)) break;
  }
  // What closes the text around is not the value's.
  while (at > from && ')]},;.'.includes(text.charAt(at - 1))) at--;
  return at;
}

/** The end of a value in `&quot;`; of one that is cut off the end of the line, or of the string around. */
export function entityEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code === 38 && text.startsWith('&quot;', at)) break;
    if (code === 34 || code === BACKSLASH || isLineEnd(code)) break;
  }
  return at;
}

/** The end of a number or word that is a member of JSON. */
export function memberEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !MEMBER_ENDS.has(codeAt(text, at))) at++;
  return at;
}
const MEMBER_ENDS = new Set(Array.from(',]} \t\r\n"\'\\&', (char) => char.charCodeAt(0)));

/** The end of a value in the query of an address. */
export function queryEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = codeAt(text, at);
    if (
      code <= 32 ||
      code === 34 ||
      code === 39 ||
      code === 96 ||
      code === 38 ||
      code === 35 ||
      code === 60 ||
      code === 62
    )
      break;
    if (code === BACKSLASH) break;
    if (
      code === 37 &&
      (text.startsWith('%26', at) || text.startsWith('%2526', at) || text.startsWith('%22', at))
    )
      break;
  }
  while (at > from && ')]},;.'.includes(text.charAt(at - 1))) at--;
  return at;
}

/** The end of the line, also of one whose line ends are escaped, or the quote around the line. */
export function lineEnd(text: string, from: number, quote: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = codeAt(text, at);
    if (isLineEnd(code) || (code === quote && quote !== 0)) break;
    if (
      code === BACKSLASH &&
      (text.charAt(at + 1) === 'r' || text.charAt(at + 1) === 'n' || text.charAt(at + 1) === '"')
    )
      break;
  }
  return at;
}

/**
 * The end of a list or object that begins at `from`, behind its closing bracket. One that is cut off ends with the text,
 * or with the string around it: at a quote with fewer backslashes than `level`.
 */
export function bracketsEnd(text: string, from: number, level: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code === 34 || code === 39) {
      const own = backwards(text, at, from);
      if (own < level) return at - own;
      const end = quotedEnd(text, at + 1, code, own);
      if (end < text.length && codeAt(text, end + own) !== code) return end;
      at = end + own;
    } else if (code === 91 || code === 123) depth++;
    else if ((code === 93 || code === 125) && --depth === 0) return at + 1;
  }
  return text.length;
}

function backwards(text: string, at: number, from: number): number {
  let count = 0;
  while (at - count - 1 > from && count < 64 && codeAt(text, at - count - 1) === BACKSLASH) count++;
  return count;
}
