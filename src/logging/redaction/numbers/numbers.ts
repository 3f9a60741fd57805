// Hot path: `numberAt` at the first digit of each run of digits that may begin a number.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { isCard, isCardForm } from './cards.ts';
import { isElse, wordBefore } from './context.ts';
import { group, isDash, isDigit, isLetter, isSeparator, readGroups } from './groups.ts';
import { quoteFor } from './member-quotes.ts';
import { finnishAt, isAmerican, isNorwegian, isPerson } from './persons.ts';

const LOOK_BACK = 40;
const before = (text: string, at: number): string => text.slice(Math.max(0, at - LOOK_BACK), at);

/** Whether digits are those of a card or a person; `around` is the name or text before them. */
export function isSecretNumber(digits: string, around: string): boolean {
  const isKnown = digits.length >= 13 && isCard(digits);
  // Most numbers end here: the words cost more than the digits.
  if (!isKnown && !isPerson(digits, 1, 'person')) return false;
  const word = wordBefore(around);
  return !isElse(word) && (isKnown || isPerson(digits, 1, word));
}

const isDateSeparator = (code: number): boolean => code === 45 || code === 46 || code === 32 || code === 47;

/** Whether the first `count` groups, `digits` together, are written as a card's or a person's are; `form` has their lengths. */
function fits(digits: string, count: number, form: number): boolean {
  const { separators } = group;
  const [, first = 0, second = 0] = separators;
  switch (form) {
    case 0x64:
    case 0x84:
      return first !== 46 && first !== 47 && isPerson(digits, 2, '');
    case 0x65:
      return isNorwegian(digits);
    case 0x4224:
      return first === second && isDateSeparator(first) && isPerson(digits, 4, '');
    case 0x324:
      return first === 45 && second === 45 && isAmerican(digits);
    default:
      if (!isCardForm(form)) return false;
      for (let at = 2; at < count; at++) if (separators[at] !== first) return false;
      return isCard(digits);
  }
}

/** A number in groups: the most groups first, since a card may be followed by its date. */
function groupedAt(text: string, at: number, end: number): boolean {
  const digits = readGroups(text, at, end);
  let size = digits.length;
  let form = group.form;
  for (let count = group.count; count > 1 && size >= 9; count--) {
    const last = group.ends[count - 1] as number;
    if (endsThere(text, last, size) && fits(digits.slice(0, size), count, form)) {
      return !isElse(wordBefore(before(text, at))) && secretAt(at, last);
    }
    size -= group.lengths[count - 1] as number;
    form >>= 4;
  }
  return false;
}

/** Whether no letter or digit goes on with the number that ends at `last`. */
function endsThere(text: string, last: number, size: number): boolean {
  if (last >= text.length) return true;
  const next = codeAt(text, last);
  if (isDigit(next) || isLetter(next)) return false;
  return !(isDash(next) && size < 13 && last + 1 < text.length && isDigit(codeAt(text, last + 1)));
}

/** Within a word, a decimal or a hash; behind a sign, a plus or a comma of thousands. */
function isWithin(text: string, at: number): boolean {
  if (at === 0) return false;
  const previous = codeAt(text, at - 1);
  if (isLetter(previous) || previous === 46 || previous === 43) return true;
  if (previous !== 45 && previous !== 44) return false;
  const earlier = at > 1 ? codeAt(text, at - 2) : 0;
  return isDigit(earlier) || (previous === 45 && isLetter(earlier));
}

/** Whether the run of digits from `at` to `end` is a number of a card or a person, or begins one. */
export function numberAt(text: string, at: number, end: number): boolean {
  if (isWithin(text, at)) return false;
  const after = end < text.length ? codeAt(text, end) : 0;
  if (end - at >= 10) {
    if (isLetter(after) || (after === 46 && end + 1 < text.length && isDigit(codeAt(text, end + 1))))
      return false;
    const around = before(text, at);
    return isSecretNumber(text.slice(at, end), around) && secretAt(at, end, quoteFor(text, at, around));
  }
  if (end - at === 6 && finnishAt(text, at)) return true;
  return isSeparator(after) && groupedAt(text, at, end);
}
