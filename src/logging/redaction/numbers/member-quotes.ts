const MEMBER_BEFORE = /(\\{0,7}")\s{0,4}:\s{0,4}$/;
const ENTRY_BEFORE = /[[,]\s{0,16}$/;
/** Of a longer text nobody looks whether an entry of a list is within a string. */
const MOST_JSON = 4096;

/** Quotes for a number in JSON: `"card":4111…` and `[4111…]` stay JSON. */
export function quoteFor(text: string, at: number, around: string): string {
  const member = MEMBER_BEFORE.exec(around);
  if (member) return member[1] ?? '';
  if (at > MOST_JSON || !ENTRY_BEFORE.test(around) || !/^\s{0,8}[[{]/.test(text)) return '';
  let inString = false;
  for (let index = 0; index < at; index++) {
    const code = text.charCodeAt(index);
    if (code === 92) index++;
    else if (code === 34) inString = !inString;
  }
  return inString ? '' : '"';
}
