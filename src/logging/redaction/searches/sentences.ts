// Hot path: at words that begin like those for a password; each search ends at its first look at the others.
import { codeAt } from '../code-at.ts';
import { secretAt } from '../found.ts';
import { isOrdinary, looksSecret } from '../names/ordinary.ts';
import { bareEnd, isJson, isQuote, quotedEnd } from './values.ts';

/** First two characters of the words below; one beyond ASCII represents all of them. */
export const SENTENCE_STARTS = 'pa Pa PA ke Ke lö Lö lo Lo LÖ co Co mo Mo se Se wa Wa ha Ha to To TO'.split(
  ' ',
);

const PASSWORD =
  /(?:passwor[dt]|passphrase|passcode|kennwort|lösenord(?:et)?|contraseña|mot de passe|senha|wachtwoord|hasło|heslo|has[łl]o|passwd)\b/iy;
/** What leads from the word to its value; without a separator only a value that looks like one counts. */
const LEAD =
  /(?:[ \t]{1,3}(?:for|of|för|für|pour|para|till)[ \t]{1,3}[^ \t]{1,40}?)?[ \t]{0,3}(?:(?:is|was|är|var|ist|lautet|est|es|é|set to)\b[ \t]{0,2}[:=]?|[:=])[ \t]{1,3}|[ \t]{1,3}|[ \t]?\((?=["'])/iuy;
const ADDRESS = /^[^@]+@[^@]+\.[a-z]{2,}|^(?:https?:|\.{0,2}\/|--?\w)/i;
const CODE = /^\d{4,8}$/;
const WORD_BEHIND = /\s{1,2}\p{L}/uy;

/** A value that no sentence would go on with: a letter and a digit or sign in it, or behind `is` a code. */
function isSaid(value: string, lead: string): boolean {
  if (CODE.test(value)) return lead.trim() !== '';
  return (
    looksSecret(value.replace(/[?!]{1,3}$/, '')) &&
    /\p{L}/u.test(value) &&
    !ADDRESS.test(value) &&
    !isOrdinary(value)
  );
}

/** `The password is …`, `Password for bo: …`, `login bo password …`, `PASSWORD('…')`; `at` begins a word. */
function saidPasswordAt(text: string, at: number): boolean {
  PASSWORD.lastIndex = at;
  if (!PASSWORD.test(text)) return false;
  LEAD.lastIndex = PASSWORD.lastIndex;
  const lead = LEAD.exec(text)?.[0];
  if (lead === undefined) return false;
  const from = LEAD.lastIndex;
  const quote = codeAt(text, from);
  if (isQuote(quote)) {
    if (lead.trim() === '' || isJson(text)) return false;
    const end = quotedEnd(text, from + 1, quote, 0);
    return end - from < 130 && !isOrdinary(text.slice(from + 1, end)) && secretAt(from + 1, end);
  }
  const end = bareEnd(text, from);
  const value = text.slice(from, Math.min(end, from + 130));
  if (!isSaid(value, lead)) return false;
  WORD_BEHIND.lastIndex = end;
  return !(CODE.test(value) && WORD_BEHIND.test(text)) && secretAt(from, end);
}

/** `token …` with a long random value; words with hyphens are none. */
const TOKEN = /token\s{1,2}([\w-]{15,})/iy;
const MIXED = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)|^[0-9a-f]{32,}$/;

/** The third letter of the words above, by their first. */
const THIRD = new Uint8Array(128);
for (const [first, , third] of ['pas', 'ken', 'los', 'con', 'mot', 'sen', 'wac', 'has', 'tok'] as const)
  THIRD[(first as string).charCodeAt(0)] = (third as string).charCodeAt(0);

/** A secret that a sentence names; `at` begins a word. */
export function saidAt(text: string, at: number): boolean {
  const first = codeAt(text, at) | 32;
  if (at + 12 > text.length || first > 127 || THIRD[first] !== (codeAt(text, at + 2) | 32)) return false;
  if (first !== 116) return saidPasswordAt(text, at);
  TOKEN.lastIndex = at;
  const token = TOKEN.exec(text)?.[1];
  return (
    token !== undefined &&
    MIXED.test(token.slice(0, 64)) &&
    secretAt(TOKEN.lastIndex - token.length, TOKEN.lastIndex)
  );
}
