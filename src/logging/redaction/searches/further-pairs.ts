// Hot path: at commas, quotes, dashes and few names; each search ends at its first look at nearly all of them.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { mayBeSecret, NameClass, nameClass } from '../names/names.ts';
import { isFieldName } from '../names/ordinary.ts';
import { bareValue, inQuotes, quotedValue } from './judged-value.ts';
import { isNameChar, LONGEST_NAME, name, nameBefore } from './name-before.ts';
import { backslashes, isJson, isQuote, lineEnd, pastBlanks, pastSpace, quotedEnd } from './values.ts';

/** `'Authorization', 'Bearer …'` in a list; `at` is the comma. */
export function listedPairAt(text: string, at: number): boolean {
  if (!isQuote(codeAt(text, at - 1)) || !nameBefore(text, at) || name.quote === '') return false;
  if (name.class < NameClass.token) return false;
  const from = pastSpace(text, at + 1, 16);
  const level = backslashes(text, from);
  const quote = codeAt(text, from + level);
  if (!isQuote(quote) || level !== name.quote.length - 1) return false;
  const begin = from + level + 1;
  const end = quotedEnd(text, begin, quote, level);
  // A list of names: `['password', 'email']`.
  if (isFieldName(text.slice(begin, Math.min(end, begin + 64)))) return false;
  return inQuotes(text, begin, end);
}

const VALUE_BEHIND =
  /\\{0,7}["']?[\s,;]{1,12}\\{0,7}["']?(?:value|val|v|content|data)\\{0,7}["']?\s{0,4}[=:]\s{0,4}(\\{0,7})(["'])/iy;
const PART_BEHIND = /"?(?:\r?\n){2}|"?(?:\\r\\n){2}/y;

/** `name="password" value="…"`, `{ name: 'password', value: '…' }`, and the part of a form; `past` is behind the separator. */
export function namedValueAt(text: string, past: number): boolean {
  const from = pastBlanks(text, past, 4);
  const level = backslashes(text, from);
  const quote = codeAt(text, from + level);
  if (!isQuote(quote)) return level === 0 && from > past && bareNamedValueAt(text, from);
  const begin = from + level + 1;
  const end = Math.min(
    quotedEnd(text.slice(begin, begin + LONGEST_NAME), 0, quote, level) + begin,
    text.length,
  );
  if (end - begin < 2 || !mayBeSecret(text, end - 1)) return false;
  name.class = nameClass(text.slice(begin, end));
  if (name.class < NameClass.token) return false;
  VALUE_BEHIND.lastIndex = end;
  const value = VALUE_BEHIND.exec(text);
  if (value?.[1] === '' && value[2] === '"' && (quote !== 34 || level > 0) && isJson(text)) return false;
  if (value)
    return quotedValue(
      text,
      VALUE_BEHIND.lastIndex,
      (value[2] as string).charCodeAt(0),
      (value[1] as string).length,
    );
  PART_BEHIND.lastIndex = end;
  if (!PART_BEHIND.test(text)) return false;
  const part = PART_BEHIND.lastIndex;
  const close = lineEnd(text, part, isJson(text) ? 34 : 0);
  return close > part && !text.startsWith('[REDACTED]', part) && secretAt(part, close);
}

const BARE_VALUE_BEHIND = /[ \t]{0,4}\r?\n[ \t-]{0,16}value:[ \t]{1,4}/iy;

/** In YAML: `name: DB_PASSWORD`, and on the next line `value: …`. */
function bareNamedValueAt(text: string, from: number): boolean {
  let end = from;
  const stop = Math.min(text.length, from + LONGEST_NAME);
  while (end < stop && isNameChar(codeAt(text, end))) end++;
  if (end - from < 2 || !mayBeSecret(text, end - 1)) return false;
  BARE_VALUE_BEHIND.lastIndex = end;
  if (!BARE_VALUE_BEHIND.test(text)) return false;
  name.class = nameClass(text.slice(from, end));
  if (name.class < NameClass.token) return false;
  name.from = from;
  name.quote = '';
  const value = BARE_VALUE_BEHIND.lastIndex;
  const quote = codeAt(text, value);
  return isQuote(quote) ? quotedValue(text, value + 1, quote, 0) : bareValue(text, value, false);
}

const PROGRAM_NAME = /(?:user|role|login)\b/i;

/** `IDENTIFIED BY '…'`, `PASSWORD '…'`; `at` is the quote. */
export function spacedPairAt(text: string, at: number): boolean {
  if (codeAt(text, at - 1) !== 32) return false;
  const isBy = /identified by $/i.test(text.slice(Math.max(0, at - 14), at));
  if (!isBy && (!nameBefore(text, at) || name.class < NameClass.secret || name.quote !== '')) return false;
  if (!isBy && !/(?:wor[dt]|ord|seña)$/i.test(text.slice(name.from, name.to))) return false;
  name.class = NameClass.secret;
  const quote = codeAt(text, at);
  if (quote === 34 && isJson(text)) return false;
  const end = quotedEnd(text, at + 1, quote, 0);
  const value = text.slice(at + 1, Math.min(end, at + 129));
  if (
    value.includes(' ') ||
    (isFieldName(value) && !isBy && !PROGRAM_NAME.test(text.slice(Math.max(0, at - 48), at)))
  )
    return false;
  return inQuotes(text, at + 1, end);
}

/** `--password …`, `-Password …`; `at` is the first dash, `begin` the first letter. */
export function optionAt(text: string, at: number, begin: number): boolean {
  let end = begin;
  const stop = Math.min(text.length, end + LONGEST_NAME);
  while (end < stop && isNameChar(codeAt(text, end))) end++;
  if (codeAt(text, end) !== 32 || !mayBeSecret(text, end - 1)) return false;
  name.class = nameClass(text.slice(begin, end));
  if (name.class < NameClass.token) return false;
  const from = pastBlanks(text, end, 4);
  const first = codeAt(text, from);
  if (first === 45) return false;
  if (isQuote(first)) return quotedValue(text, from + 1, first, 0);
  name.from = at;
  name.quote = '';
  return bareValue(text, from, false);
}
