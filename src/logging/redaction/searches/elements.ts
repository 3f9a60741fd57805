// Hot path: at every `>`; nearly all end at the character before it.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { mayBeSecret, NameClass, nameClass } from '../names/names.ts';
import { isCount, isOrdinary } from '../names/ordinary.ts';

const LONGEST_NAME = 64;
const LONGEST_TAG = 160;
const LONGEST_VALUE = 8192;

const CDATA = '<![CDATA[';

/** The end of the tag's name; before its attributes, where it has some. */
function nameEnd(text: string, at: number): number {
  const last = codeAt(text, at - 1);
  if (last !== 34 && last !== 39) return at;
  const stop = Math.max(0, at - LONGEST_TAG);
  let end = -1;
  for (let back = at - 1; back >= stop; back--) {
    const code = codeAt(text, back);
    if (code === 60) return end;
    if (code === 62) return -1;
    if (code === 32) end = back;
  }
  return -1;
}

function inCdata(text: string, from: number): boolean {
  let end = from;
  const most = Math.min(text.length, end + LONGEST_VALUE);
  while (end < most && !(codeAt(text, end) === 93 && text.startsWith(']]>', end))) end++;
  return end > from && !isOrdinary(text.slice(from, Math.min(end, from + 65))) && secretAt(from, end);
}

/** `<password>…</password>`; `at` is the `>` of the first tag. */
export function elementAt(text: string, at: number): boolean {
  const to = nameEnd(text, at);
  if (to < 1 || !mayBeSecret(text, to - 1)) return false;
  const stop = Math.max(0, to - LONGEST_NAME);
  let from = to;
  while (from > stop && !'<>/ :"\n'.includes(text.charAt(from - 1))) from--;
  const before = text.charAt(from - 1);
  if (before !== '<' && before !== ':') return false;
  const is = nameClass(text.slice(from, to));
  if (is < NameClass.hint) return false;
  if (text.startsWith(CDATA, at + 1)) return inCdata(text, at + 1 + CDATA.length);
  let end = at + 1;
  const most = Math.min(text.length, end + LONGEST_VALUE);
  while (end < most && codeAt(text, end) !== 60) end++;
  const value = text.slice(at + 1, Math.min(end, at + 202));
  if (value.trim() === '' || isOrdinary(value.trim()) || (is < NameClass.secret && isCount(value)))
    return false;
  // Without an end tag it is a word in angle brackets, not an element.
  return text.startsWith('</', end) && secretAt(at + 1, end);
}
