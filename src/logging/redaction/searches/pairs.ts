// Hot path: `pairAt` at every `=` and `:` of a text.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { NameClass } from '../names/names.ts';
import { isCount, isOrdinary, looksSecret } from '../names/ordinary.ts';
import { bareValue, inQuotes, MAX_JUDGED, opensValue, quotedValue } from './judged-value.ts';
import { name, nameBefore, QUOTE_ENTITY } from './name-before.ts';
import {
  backslashes,
  bareEnd,
  bracketsEnd,
  entityEnd,
  isJson,
  isLineEnd,
  isQuote,
  lineEnd,
  pastBlanks,
  pastSpace,
  queryEnd,
  quotedEnd,
} from './values.ts';

/** The first member of a description of a field, not of its value. */
const SCHEMA = /[{[]\s{0,8}\\{0,7}["']?(?:type|required|minLength|enum|validate|ref|\$ref)\b/y;
const SCHEMES =
  /(?:bearer|basic|token|apikey|api-key|ssws|negotiate|ntlm|dpop|key|jwt|splunk|geniekey|digest|hawk|oauth|signature|hmac|mac|aws4[\w-]{0,32})\s{1,4}/iy;
/** Schemes with several parts; the whole rest of the line is theirs. */
const LONG_SCHEME = /^(?:digest|hawk|oauth|signature|hmac|mac|aws4)/i;
/** `Some("…")`, `Secret('…')`, Python's `u'…'`. */
const WRAPPER = /(?:[A-Za-z]\w{0,20}\(|[bru])(?=["'])/y;
/** `Token token="…"` */
const PARAMETER = /^[a-z_-]{2,20}=["']/i;
const MORE_SEPARATORS = /[=>:]{0,2}/y;

function bracketed(text: string, from: number): boolean {
  if (name.class < NameClass.token) return false;
  SCHEMA.lastIndex = from;
  if (SCHEMA.test(text)) return false;
  const first = pastSpace(text, from + 1, 16);
  const level = backslashes(text, first);
  const quote = codeAt(text, first + level);
  if (codeAt(text, from) === 91) {
    if (!isQuote(quote)) return false;
    const begin = first + level + 1;
    const end = Math.min(quotedEnd(text, begin, quote, level), begin + 100);
    if (isOrdinary(text.slice(begin, end))) return false;
  } else if (name.class === NameClass.token || quote === 125) return false;
  if (!name.quote.endsWith('"') && isJson(text)) return false;
  return secretAt(from, bracketsEnd(text, from, name.quote.length - 1), name.quote);
}

/** A query of an address, or a fragment: `?name=`, `&name=`, `#name=`, `%3Fname%3D`. */
function isInQuery(text: string): boolean {
  const before = codeAt(text, name.from - 1);
  return before === 63 || before === 38 || before === 35 || codeAt(text, name.from - 3) === 37;
}

function inQuery(text: string, begin: number): boolean {
  // JSON in a query: `%22password%22%3A%22…`.
  const from = text.startsWith('%22', begin) ? begin + 3 : begin;
  const end = queryEnd(text, from);
  if (end - from > MAX_JUDGED) return secretAt(from, end);
  const value = text.slice(from, end);
  if (value === '' || isOrdinary(value)) return false;
  switch (name.class) {
    case NameClass.query:
      return (value.length >= 10 || value.includes('%2F')) && looksSecret(value) && secretAt(from, end);
    case NameClass.hint:
      return looksSecret(value) && secretAt(from, end);
    case NameClass.token:
      return !isCount(value) && secretAt(from, end);
    default:
      return secretAt(from, end);
  }
}

/** The quote that ends the header at hand: `curl -H 'Cookie: …'`, or the JSON string around it; 0 if there is none. */
function quoteAround(text: string): number {
  const before = codeAt(text, name.from - 1);
  if (isQuote(before)) return before;
  return isJson(text) ? 34 : 0;
}

function cookies(text: string, from: number): boolean {
  const [head = ''] = text.slice(from, from + MAX_JUDGED).split(/[\r\n]/, 1);
  if (head.startsWith('[REDACTED]')) return false;
  if (!head.includes('=') && !looksSecret(head.split(' ', 1)[0] ?? '')) return false;
  const end = lineEnd(text, from, quoteAround(text));
  return end > from && secretAt(from, end);
}

function authorization(text: string, from: number): boolean {
  SCHEMES.lastIndex = from;
  if (!SCHEMES.test(text)) return bareValue(text, from, true);
  const value = SCHEMES.lastIndex;
  if (LONG_SCHEME.test(text.slice(from, from + 10)) || PARAMETER.test(text.slice(value, value + 24))) {
    const end = lineEnd(text, value, quoteAround(text));
    return end > value && !text.startsWith('[REDACTED]', value) && secretAt(value, end);
  }
  const quote = codeAt(text, value);
  if (isQuote(quote) && quote !== quoteAround(text)) return quotedValue(text, value + 1, quote, 0);
  const end = bareEnd(text, value);
  return !isOrdinary(text.slice(value, Math.min(end, value + 65))) && secretAt(value, end);
}

/** A value on the line below its name; a list or a sentence may be there as well. */
function onNextLine(text: string, from: number): boolean {
  const value = pastSpace(text, from, 32);
  const end = bareEnd(text, value);
  return (
    name.quote === '' &&
    looksSecret(text.slice(value, Math.min(end, value + 200))) &&
    bareValue(text, value, true)
  );
}

/** Whether a secret follows the separator at `at` (to `past`), which is `=`, `:` or one of these percent-encoded. */
export function pairAt(text: string, at: number, past: number): boolean {
  if (!nameBefore(text, at)) return false;
  MORE_SEPARATORS.lastIndex = past;
  MORE_SEPARATORS.test(text);
  const behind = MORE_SEPARATORS.lastIndex;
  if (isInQuery(text) || past - at > 2) return inQuery(text, behind);
  if (name.class === NameClass.query) return false;
  let from = pastBlanks(text, behind, 8);
  const isBlock = (codeAt(text, from) === 124 || codeAt(text, from) === 62) && from > behind;
  if (isBlock) from = pastSpace(text, from + 1, 64);
  if (isLineEnd(codeAt(text, from))) return onNextLine(text, from);
  if (text.startsWith('\\u0022', from)) return bareValue(text, from + 6, false);
  WRAPPER.lastIndex = from;
  if (WRAPPER.test(text)) from = WRAPPER.lastIndex;
  const level = backslashes(text, from);
  const first = codeAt(text, from + level);
  if (isQuote(first))
    return opensValue(text, first, level) && quotedValue(text, from + level + 1, first, level);
  if (first === 38 && text.startsWith(QUOTE_ENTITY, from)) {
    const begin = from + QUOTE_ENTITY.length;
    return inQuotes(text, begin, entityEnd(text, begin));
  }
  if (first === 91 || first === 123) return codeAt(text, from + 1) !== 123 && bracketed(text, from);
  if (name.class === NameClass.cookie) return name.quote === '' && cookies(text, from);
  if (name.class === NameClass.authorization) return authorization(text, from);
  return bareValue(text, from, from > behind && name.quote === '');
}
