// Hot path: only behind names of secrets. What a value is judged by, beside the class of its name.
import { secretAt } from '../found.ts';
import { NameClass } from '../names/names.ts';
import { isCount, isExpression, isOrdinary, looksSecret } from '../names/ordinary.ts';
import { name, QUOTE_ENTITY } from './name-before.ts';
import { bareEnd, isJson, memberEnd, quotedEnd } from './values.ts';

/** The value of a name in quotes: its content, judged by the class of the name. */
export function quotedValue(text: string, from: number, quote: number, level: number): boolean {
  const end = quotedEnd(text, from, quote, level);
  return inQuotes(text, from, end);
}

/** Whether a quote opens the value of the name; in JSON it may end the text that contains the name. */
export function opensValue(text: string, quote: number, level: number): boolean {
  if (name.quote.length > 1) return level >= name.quote.length - 1 || name.quote === QUOTE_ENTITY;
  return name.quote !== '' || quote !== 34 || level > 0 || !isJson(text);
}

/** A longer value is no word about a secret. */
export const MAX_JUDGED = 200;

export function inQuotes(text: string, from: number, end: number): boolean {
  if (end === from || name.class === NameClass.query) return false;
  if (end - from <= MAX_JUDGED) {
    const value = text.slice(from, end);
    if (isOrdinary(value)) return false;
    if (name.class === NameClass.token && isCount(value)) return false;
    if (name.class === NameClass.hint && !looksSecret(value)) return false;
  }
  return secretAt(from, end);
}

/** Behind these a name is what a message is about: `invalid token: …`. */
const COMPLAINT =
  /(?:invalid|wrong|unexpected|missing|bad|incorrect|unknown|no|fel|ogiltigt|falsches|ungültiges)\s+$/i;
/** What may follow a value that is one word, where a sentence would go on with the next. */
const SENTENCE = /[ \t]{1,2}(?!\w{1,40}[=:])[\p{L}\d([]/uy;

/** A value without quotes. `apart`: a blank came before it, so that it may be the rest of a sentence. */
export function bareValue(text: string, from: number, apart: boolean): boolean {
  const end = name.quote === '' ? bareEnd(text, from) : memberEnd(text, from);
  if (end === from) return false;
  if (name.class === NameClass.query) return false;
  // What was passed over is either short or redacted: only so is a text full of names linear.
  if (end - from > MAX_JUDGED) return secretAt(from, end, name.quote);
  const value = text.slice(from, end);
  if (isOrdinary(value)) return false;
  if (name.class === NameClass.hint && !looksSecret(value)) return false;
  if (name.class === NameClass.token && isCount(value)) return false;
  if (isExpression(value)) return false;
  if (apart && !looksSecret(value)) {
    SENTENCE.lastIndex = end;
    if (SENTENCE.test(text)) return false;
    if (COMPLAINT.test(text.slice(Math.max(0, name.from - 16), name.from))) return false;
  }
  return secretAt(from, end, name.quote);
}
