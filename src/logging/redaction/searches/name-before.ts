// Hot path: `nameBefore` at every `=` and `:`; nearly all end at the look at the last three characters of the name.
import { codeAt } from '../code-at.ts';
import { mayBeSecret, NameClass, nameClass } from '../names/names.ts';
import { isQuote } from './values.ts';

export const LONGEST_NAME = 64;
export const QUOTE_ENTITY = '&quot;';

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Letters of all scripts count, so that names in any language do. */
export const isNameChar = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  isDigit(code) ||
  code === 95 ||
  code === 45 ||
  code === 46 ||
  code === 36 ||
  (code > 0xbf &&
    code !== 0x2028 &&
    code !== 0x2029 &&
    (code < 0x2010 || code > 0x206f) &&
    (code < 0x3000 || code > 0x303f) &&
    code !== 0xff1a);

/** The name before a separator: written by `nameBefore`, read at once, so that no search allocates. */
export const name = { from: 0, to: 0, quote: '', class: NameClass.none as NameClass };

/** Reads the name that ends before `end`, with the quote that closes it; false when it is none of a secret. */
export function nameBefore(text: string, end: number): boolean {
  let at = end - 1;
  while (at > 0 && at > end - 4 && (codeAt(text, at) === 32 || codeAt(text, at) === 0xa0)) at--;
  const close = at;
  if (at < 1) return false;
  const code = codeAt(text, at);
  if (code < 97 || code > 122) at = pastClosing(text, at, code);
  // A number at the end, as in `password2`, is looked past.
  let last = at;
  while (last > 0 && last > at - 3 && isDigit(codeAt(text, last))) last--;
  if (!mayBeSecret(text, last)) return false;
  name.to = at + 1;
  name.quote = close > at && (isQuote(code) || code === 59) ? text.slice(at + 1, close + 1) : '';
  let from = last;
  const stop = Math.max(0, at - LONGEST_NAME);
  while (from > stop && isNameChar(codeAt(text, from - 1))) from--;
  // `%3Ftoken`, `%253Ftoken`: the hex digits are no part of the name.
  if (from > 0 && codeAt(text, from - 1) === 37)
    from = Math.min(from + (text.startsWith('25', from) ? 4 : 2), last);
  name.from = from;
  name.class = nameClass(text.slice(from, name.to));
  if (name.class < NameClass.secret && from > 0 && codeAt(text, from - 1) === 32) withWordBefore(text, from);
  return name.class !== NameClass.none;
}

/** Past what closes a name: a quote with its backslashes, `&quot;`, `%22`, `\u0022`, `]`, `[]`, `%5D`, `**`. */
function pastClosing(text: string, at: number, code: number): number {
  if (isQuote(code)) {
    const close = at--;
    while (at > 0 && codeAt(text, at) === 92 && close - at < 64) at--;
    return at;
  }
  if (code === 59 && text.endsWith(QUOTE_ENTITY, at + 1)) return at - QUOTE_ENTITY.length;
  if (code === 93) return codeAt(text, at - 1) === 91 ? at - 2 : at - 1;
  if (code === 42) return codeAt(text, at - 1) === 42 ? at - 2 : at - 1;
  if (code === 50) {
    if (text.startsWith('%22', at - 2)) return at - 3;
    if (text.startsWith('\\u0022', at - 5)) return at - 6;
  }
  return code === 68 && text.startsWith('%5', at - 2) ? at - 3 : at;
}

/** `API key`, `access token`, `mot de passe`: the word before belongs to the name. */
function withWordBefore(text: string, from: number): void {
  const stop = Math.max(0, from - 24);
  let start = from - 1;
  for (let words = 0; words < 2 && start > stop; words++) {
    while (start > stop && isNameChar(codeAt(text, start - 1))) start--;
    const longer = nameClass(text.slice(start, name.to));
    if (longer > name.class) name.class = longer;
    if (codeAt(text, start - 1) !== 32) return;
    start--;
  }
}
