// Secrets are made at run time from a seed, so that no file of the corpus holds one.
const ALPHABETS = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  word: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
} as const;
export type Alphabet = keyof typeof ALPHABETS;

let state = 0x9e3779b9;

/** Starts the sequence anew; every corpus begins with it, so that its rows are the same in each run. */
export function seed(value: number): void {
  state = value | 0;
}

/** A number from 0 up to `below` (mulberry32). */
export function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}

export function chars(alphabet: Alphabet, length: number): string {
  const from = ALPHABETS[alphabet];
  let text = '';
  while (text.length < length) text += from[random(from.length)];
  // Letters and digits both, as nearly every token of this length has.
  return length >= 12 && alphabet !== 'digits' && alphabet !== 'hex'
    ? `${text.slice(0, -2)}${random(10)}${text.at(-1)}`
    : text;
}

const PASSWORDS = [
  () => `s3cr${chars('digits', 3)}zq`,
  () => `sommarlov${chars('digits', 2)}`,
  () => `Tr0ub4dor${chars('digits', 2)}!x`,
  () => `qwertz${'abcdefgh'[random(8)]}uiop`,
  () => `P@ss!${chars('word', 5)}#1`,
  () => `Blåbär${chars('digits', 3)}`,
  () => chars('word', 14),
  () => `K${chars('lower', 8)}`,
];
let nextPassword = 0;

/** Passwords as people and machines choose them, one kind after the other. */
export function password(): string {
  return (PASSWORDS[nextPassword++ % PASSWORDS.length] as () => string)();
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const base64url = (text: string): string => Buffer.from(text).toString('base64url');

function luhnDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** A number of `length` digits that begins with `prefix` and passes Luhn's check. */
export function luhn(prefix: string, length: number): string {
  const body = prefix + chars('digits', length - 1 - prefix.length);
  return body + luhnDigit(body);
}

/** A Swedish personal number, ten digits; invented. */
export function personal(date: string): string {
  return luhn(date, 10);
}
