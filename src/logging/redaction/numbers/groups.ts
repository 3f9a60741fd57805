// Hot path: where a run of digits may be the first group of a number.

import { codeAt } from '../code-at.ts';

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code > 0xbf && code < 0x2000);

/** Blanks and dashes of all kinds that stand between the parts of a number. */
export function isSeparator(code: number): boolean {
  switch (code) {
    case 9:
    case 32:
    case 43: // +
    case 45: // -
    case 46: // .
    case 47: // /
    case 95: // _
    case 0xa0:
    case 0xad:
    case 0x202f:
    case 0x205f:
    case 0x2212:
    case 0x3000:
    case 0xfeff:
      return true;
    default:
      return code >= 0x2000 && code <= 0x2015;
  }
}
export const isDash = (code: number): boolean =>
  code === 45 || code === 43 || code === 0x2212 || (code >= 0x2010 && code <= 0x2015);

const MOST_GROUPS = 6;
const MOST_DIGITS = 19;
/** The groups of a number: lengths, ends, and the separators before them; written by `readGroups`, read at once. */
export const group = {
  count: 0,
  /** The lengths as hexadecimal digits, the first one first: 4-4-4-4 is 0x4444. */
  form: 0,
  lengths: new Uint8Array(MOST_GROUPS),
  ends: new Int32Array(MOST_GROUPS),
  separators: new Uint16Array(MOST_GROUPS),
};

function runEnd(text: string, at: number): number {
  while (at < text.length && isDigit(codeAt(text, at))) at++;
  return at;
}

/** Behind a separator of up to three characters; -1 when no digit follows one. */
function pastSeparator(text: string, at: number): number {
  const stop = Math.min(text.length, at + 3);
  while (at < stop && isSeparator(codeAt(text, at))) at++;
  return at < text.length && isDigit(codeAt(text, at)) ? at : -1;
}

/** The character that a separator is known by: a dash in ` - `, else its first. */
function separatorOf(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) if (isDash(codeAt(text, at))) return codeAt(text, at);
  return codeAt(text, from);
}

/** Reads the groups of a number whose first one ends at `firstEnd`; all their digits. */
export function readGroups(text: string, at: number, firstEnd: number): string {
  let digits = text.slice(at, firstEnd);
  group.count = 1;
  group.form = group.lengths[0] = firstEnd - at;
  group.ends[0] = firstEnd;
  let end = firstEnd;
  while (group.count < MOST_GROUPS) {
    const next = pastSeparator(text, end);
    if (next === -1) break;
    const nextEnd = runEnd(text, next);
    if (nextEnd - next > 15 || digits.length + nextEnd - next > MOST_DIGITS) break;
    group.separators[group.count] = separatorOf(text, end, next);
    digits += text.slice(next, nextEnd);
    group.lengths[group.count] = nextEnd - next;
    group.form = group.form * 16 + nextEnd - next;
    group.ends[group.count] = nextEnd;
    group.count++;
    end = nextEnd;
  }
  return digits;
}
