// Hot path: one pass over every text of a record. A character costs a look at one array; the searches behind it
// begin at characters that a secret of their kind needs, and what they pass over they redact or bound.
import { codeAt } from './code-at.ts';
import { driverAddressAt, newRun, pathTokenAt, userInfoAt } from './searches/addresses.ts';
import { commandOptionAt, credentialsAt, privateKeyAt, suffixTokenAt } from './searches/credentials.ts';
import { found, REDACTED } from './found.ts';
import { mayBegin, tokenAt } from './searches/known-tokens.ts';
import { numberAt } from './numbers/numbers.ts';
import { listedPairAt, namedValueAt, optionAt, spacedPairAt } from './searches/further-pairs.ts';
import { pairAt } from './searches/pairs.ts';
import { saidAt } from './searches/sentences.ts';
import { elementAt } from './searches/elements.ts';

const PLAIN = 0;
const WORD = 1;
const DIGIT = 2;
const EQUALS = 3;
const COLON = 4;
const PERCENT = 5;
const AT = 6;
const DASH = 7;
const COMMA = 8;
const CLOSE = 9;
const QUOTE = 10;
const TILDE = 11;
const DOT = 12;

/** What each character may begin or end. */
const KINDS = new Uint8Array(128);
/** 1 for what a word goes on with: letters, digits and `_`. */
const IN_WORD = new Uint8Array(128);
for (let code = 65; code < 123; code++) if (code < 91 || code > 96) KINDS[code] = IN_WORD[code] = WORD;
for (let code = 48; code < 58; code++) {
  KINDS[code] = DIGIT;
  IN_WORD[code] = 1;
}
IN_WORD[95] = 1;
for (const [char, kind] of [
  ['=', EQUALS],
  [':', COLON],
  ['%', PERCENT],
  ['@', AT],
  ['-', DASH],
  [',', COMMA],
  ['>', CLOSE],
  ['"', QUOTE],
  ["'", QUOTE],
  ['~', TILDE],
  ['.', DOT],
] as const)
  KINDS[char.charCodeAt(0)] = kind;

const FULL_WIDTH_COLON = 0xff1a;
const FULL_WIDTH_EQUALS = 0xff1d;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function colonAt(text: string, at: number, run: ReturnType<typeof newRun>): boolean {
  const next = codeAt(text, at + 1);
  if (next === 47 && codeAt(text, at + 2) === 47) return userInfoAt(text, at + 3, run);
  return (
    pairAt(text, at, at + 1) ||
    (next === 65 && suffixTokenAt(text, at)) ||
    (isNamed(text, at) && namedValueAt(text, at + 1))
  );
}

/** `name`, `type`, `key`, `header`, `field` or `id` before the separator at `at`, by its last two letters. */
function isNamed(text: string, at: number): boolean {
  let last = at - 1;
  if (last < 2) return false;
  let code = codeAt(text, last);
  if (code === 34 || code === 39) {
    code = codeAt(text, --last);
    while (code === 92 && last > 1) code = codeAt(text, --last);
  }
  const before = last > 0 ? codeAt(text, last - 1) | 32 : 0;
  switch (code | 32) {
    case 101: // e
      return before === 109 || before === 112; // m, p
    case 121: // y
    case 114: // r
      return before === 101; // e
    case 100: // d
      return before === 108 || before === 105; // l, i
    default:
      return false;
  }
}

function percentAt(text: string, at: number): boolean {
  const next = codeAt(text, at + 1);
  if (next === 51) {
    const sign = codeAt(text, at + 2);
    return (sign === 68 || (sign === 65 && text.startsWith('%22', at - 3))) && pairAt(text, at, at + 3);
  }
  return next === 50 && text.startsWith('53D', at + 2) && pairAt(text, at, at + 5);
}

function dashAt(text: string, at: number): boolean {
  if (codeAt(text, at + 1) !== 45) {
    if (codeAt(text, at - 1) !== 32) return suffixTokenAt(text, at);
    return commandOptionAt(text, at) || optionAt(text, at, at + 1);
  }
  if (codeAt(text, at - 1) === 45) return false;
  return codeAt(text, at + 2) === 45
    ? privateKeyAt(text, at)
    : optionAt(text, at, at + 2) || commandOptionAt(text, at);
}

function wordAt(text: string, at: number, before: number): boolean {
  if (before === 47 && pathTokenAt(text, at)) return true;
  return tokenAt(text, at) || credentialsAt(text, at) || saidAt(text, at);
}

/** The lengths of the first group of a number that is written in groups. */
const FIRST_GROUPS = new Uint8Array(10);
for (const size of [3, 4, 6, 8]) FIRST_GROUPS[size] = 1;

/** 1 for the ASCII characters that stand between the groups of a number. */
const IN_SIGNS = new Uint8Array(128);
for (const char of '\t +-./_') IN_SIGNS[char.charCodeAt(0)] = 1;

/** Whether a number may go on behind a group of this size: a sign, then a digit or a second sign. */
function mayGoOn(size: number, next: number, after: number): boolean {
  if (size === 3) return next === 45 && isDigit(after);
  if (next > 127) return true;
  if (next >= 65 && next <= 90) return size === 6 && isDigit(after);
  return IN_SIGNS[next] === 1 && (isDigit(after) || after === 32 || after === 45 || after > 127);
}

/** No character code is read beyond the end: the NaN that it gives would make every code a double. */
function wordEnd(text: string, at: number, length: number): number {
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code > 127 || IN_WORD[code] !== 1) break;
    at++;
  }
  return at;
}

/** In a shorter text nothing can be found. */
const SHORTEST = 6;

/**
 * The text with credentials, tokens, keys, passwords in addresses, card numbers and personal numbers replaced by
 * `[REDACTED]`. Takes time linear in the length of the text. Never throws.
 */
export function redactText(text: string): string {
  if (text.length < SHORTEST) return text;
  let out = '';
  let last = 0;
  let run: ReturnType<typeof newRun> | undefined;
  let at = 0;
  const length = text.length;
  while (at < length) {
    const code = text.charCodeAt(at);
    const kind =
      code < 128
        ? (KINDS[code] as number)
        : code === FULL_WIDTH_COLON || code === FULL_WIDTH_EQUALS
          ? COLON
          : PLAIN;
    let hit = false;
    switch (kind) {
      case PLAIN:
        break;
      case WORD: {
        const begun = at++;
        if (at < length && mayBegin(code, codeAt(text, at))) {
          const before = begun === 0 ? 0 : codeAt(text, begun - 1);
          // A word goes on behind `_` and `-`, and behind letters beyond ASCII.
          hit = before !== 95 && before !== 45 && wordAt(text, begun, before);
        }
        if (!hit) {
          at = wordEnd(text, at, length);
          continue;
        }
        break;
      }
      case DIGIT: {
        const begun = at++;
        while (at < length && isDigit(text.charCodeAt(at))) at++;
        const size = at - begun;
        hit =
          (size >= 10
            ? size <= 19
            : FIRST_GROUPS[size] === 1 &&
              at + 1 < length &&
              mayGoOn(size, codeAt(text, at), codeAt(text, at + 1))) && numberAt(text, begun, at);
        if (!hit) {
          // Letters behind digits belong to the same word: `17ms`, a hash.
          at = wordEnd(text, at, length);
          continue;
        }
        break;
      }
      case EQUALS:
        hit = pairAt(text, at, at + 1) || (isNamed(text, at) && namedValueAt(text, at + 1));
        break;
      case COLON:
        hit = colonAt(text, at, (run ??= newRun()));
        break;
      case PERCENT:
        hit = percentAt(text, at);
        break;
      case AT:
        hit = driverAddressAt(text, at);
        break;
      case DASH:
        hit = dashAt(text, at);
        break;
      case COMMA:
        hit = listedPairAt(text, at);
        break;
      case CLOSE:
        hit = codeAt(text, at - 1) === 45 ? pairAt(text, at - 1, at + 1) : elementAt(text, at);
        break;
      case QUOTE:
        hit = codeAt(text, at - 1) === 32 && spacedPairAt(text, at);
        break;
      case TILDE:
        hit = suffixTokenAt(text, at);
        break;
      default:
        hit = codeAt(text, at + 1) === 97 && suffixTokenAt(text, at);
    }
    if (hit && found.from >= last) {
      out += text.slice(last, found.from) + found.quote + REDACTED + found.quote;
      last = found.to;
      at = Math.max(last, at + 1);
    } else at++;
  }
  return last === 0 ? text : out + text.slice(last);
}
