// Hot path: at every `>`; nearly all end at the character before it.
import { secretAt } from '../found.ts';
import { mayBeSecret, NameClass, nameClass } from '../names/names.ts';
import { isCount, isOrdinary } from '../names/ordinary.ts';

const LONGEST_NAME = 64;
const LONGEST_VALUE = 8192;

/** `<password>…</password>`; `at` is the `>` of the first tag. */
export function elementAt(text: string, at: number): boolean {
  if (!mayBeSecret(text, at - 1)) return false;
  const stop = Math.max(0, at - LONGEST_NAME);
  let from = at;
  while (from > stop && !'<>/ :"\n'.includes(text.charAt(from - 1))) from--;
  const before = text.charAt(from - 1);
  if (before !== '<' && before !== ':') return false;
  const is = nameClass(text.slice(from, at));
  if (is < NameClass.hint) return false;
  let end = at + 1;
  const most = Math.min(text.length, end + LONGEST_VALUE);
  while (end < most && text.charCodeAt(end) !== 60) end++;
  const value = text.slice(at + 1, Math.min(end, at + 202));
  if (value.trim() === '' || isOrdinary(value.trim()) || (is < NameClass.secret && isCount(value)))
    return false;
  // Without an end tag it is a word in angle brackets, not an element.
  return text.startsWith('</', end) && secretAt(at + 1, end);
}
