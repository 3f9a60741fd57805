/** The replacement of a secret. */
export const REDACTED = '[REDACTED]';

/**
 * Where the last search found a secret: `from` (inclusive) to `to` (exclusive), and the quotes that keep the JSON
 * around it whole. One object for all searches, because a record is searched many times and none of them may
 * allocate; it is read before the next search begins.
 */
export const found = { from: 0, to: 0, quote: '' };

/** Notes a secret; for the last line of a search. */
export function secretAt(from: number, to: number, quote = ''): true {
  found.from = from;
  found.to = to;
  found.quote = quote;
  return true;
}
