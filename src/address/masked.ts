export const REDACTED = '[REDACTED]';

/**
 * User and password are between `//` and the last `@` before the path (RFC 3986, section 3.2.1). A quote ends the
 * search: in JSON the next `@` may be many settings away. A path that began as an address has one slash left (`/srv/http:/user:pass@host`).
 */
const USER_INFO = /(\/\/|\b[a-z][a-z\d+.-]+:\/)[^/?#\s"<>]*@/gi;
/** What can be an address, or a path with a query. */
const WORD = /[^\s"<>]+/g;
/** What follows an address in a sentence is not part of its last value. */
const PUNCTUATION = new Set(`)].,;:'`);

/** One `name=value` of a query; what has no name is all value. */
function maskedPair(pair: string, hasNames: boolean): string {
  const at = pair.indexOf('=');
  if (at >= 0) return `${pair.slice(0, at)}=${REDACTED}`;
  return hasNames || pair === '' ? pair : REDACTED;
}

/** A query with its names only: `?token=abc&page=2` → `?token=[REDACTED]&page=[REDACTED]`, `?abc` → `?[REDACTED]`. */
export function maskedQuery(query: string): string {
  const pairs = query.slice(1).split('&');
  const hasNames = pairs.some((pair) => pair.includes('='));
  return `?${pairs.map((pair) => maskedPair(pair, hasNames)).join('&')}`;
}

function withoutQueryValues(word: string): string {
  const from = word.indexOf('?');
  if (from < 0) return word;
  // A question mark in a sentence is none of an address.
  if (!word.includes('=', from) && !word.slice(0, from).includes('//')) return word;
  let to = word.length;
  while (to > from + 1 && PUNCTUATION.has(word.charAt(to - 1))) to--;
  return word.slice(0, from) + maskedQuery(word.slice(from, to)) + word.slice(to);
}

/**
 * A text in which addresses may be shown: `http://user:pass@host/?key=abc` →
 * `http://[REDACTED]@host/?key=[REDACTED]`. Other text stays as it is.
 */
export function withoutCredentials(text: string): string {
  const masked = text.includes('@') ? text.replaceAll(USER_INFO, `$1${REDACTED}@`) : text;
  return masked.includes('?') ? masked.replaceAll(WORD, withoutQueryValues) : masked;
}

/** One address, malformed perhaps: its end of the credentials is not known then, and everything up to the last `@` goes. */
export function maskedAddress(text: string): string {
  const isWhole = /^https?:\/\//i.test(text) && URL.canParse(text);
  return withoutCredentials(isWhole ? text : text.replace(/^.*@/s, `${REDACTED}@`));
}
