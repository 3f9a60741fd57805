import { hash } from 'node:crypto';

const TAIL_CHARS = 8;
/** Of a longer text the beginning and the end are hashed: the cost of one call stays bounded. */
const MAX_HASHED_CHARS = 65_536;

function tailOf(text: string): string {
  const hashed =
    text.length <= MAX_HASHED_CHARS
      ? text
      : `${text.length} ${text.slice(0, MAX_HASHED_CHARS / 2)}${text.slice(-MAX_HASHED_CHARS / 2)}`;
  return hash('sha256', hashed).slice(0, TAIL_CHARS);
}

/** A name of at most `max` characters: a longer one ends in a hash of the whole, so that two that begin alike differ. */
export function boundedName(name: string, max: number): string {
  if (name.length <= max) return name;
  let start = name.slice(0, max - TAIL_CHARS - 1);
  // Half of a character beyond U+FFFF is none.
  if (/[\uD800-\uDBFF]$/.test(start)) start = start.slice(0, -1);
  // A part of a string keeps the whole one in memory; a copy does not.
  return Buffer.from(`${start}-${tailOf(name)}`).toString();
}
