import { secretAt } from '../found.ts';
import { passesLuhn } from './luhn.ts';

/** From this year on twelve digits that end like a time of day are a time. */
const FIRST_TIMESTAMPS = 2015;

function isDate(yymmdd: string): boolean {
  const month = Number(yymmdd.slice(2, 4));
  const day = Number(yymmdd.slice(4, 6));
  // A coordination number has the day plus 60.
  return month >= 1 && month <= 12 && ((day >= 1 && day <= 31) || (day >= 61 && day <= 91));
}

/** A time of day, as in `20261128-1530`. */
const isTimeOfDay = (serial: string): boolean =>
  Number(serial.slice(0, 2)) < 24 && Number(serial.slice(2)) < 60;

/** Swedish personal and coordination numbers, ten or twelve digits; the check digit decides. */
function isSwedish(digits: string): boolean {
  const ten = digits.slice(-10);
  if (digits.length === 12) {
    const century = digits.slice(0, 2);
    if (century !== '19' && century !== '20' && century !== '18') return false;
    if (Number(digits.slice(0, 4)) >= FIRST_TIMESTAMPS && isTimeOfDay(ten.slice(6))) return false;
  }
  return isDate(ten.slice(0, 6)) && passesLuhn(ten);
}

const FIRST_WEIGHTS = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
const weighed = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0) % 11;

/** Norwegian birth numbers, eleven digits with two check digits (D numbers have the day plus 40). */
export function isNorwegian(digits: string): boolean {
  const day = Number(digits.slice(0, 2)) % 40;
  const month = Number(digits.slice(2, 4)) % 40;
  if (day < 1 || day > 31 || month < 1 || month > 12) return false;
  return weighed(digits, FIRST_WEIGHTS) === 0 && weighed(digits, SECOND_WEIGHTS) === 0;
}

/** Social security numbers of the USA have no check digit: only the usual form with hyphens counts. */
export function isAmerican(digits: string): boolean {
  const area = digits.slice(0, 3);
  return (
    area !== '000' &&
    area !== '666' &&
    area < '900' &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000'
  );
}

/** `131052-308T`, the Finnish form: date, sign of the century, number, check character. */
const FINNISH = /(\d{6})[-+ABCDEFYXWVU](\d{3})([0-9A-FHJ-NPR-Y])(?![\w-])/y;
const FINNISH_CHECK = '0123456789ABCDEFHJKLMNPRSTUVWXY';

export function finnishAt(text: string, at: number): boolean {
  FINNISH.lastIndex = at;
  const match = FINNISH.exec(text);
  if (!match) return false;
  const [, day = '', serial = '', check = ''] = match;
  return (
    FINNISH_CHECK.charAt(Number(day + serial) % 31) === check &&
    Number(day.slice(2, 4)) <= 12 &&
    secretAt(at, FINNISH.lastIndex)
  );
}

/** Words before a number that make it a person's. */
const PERSON_WORDS =
  /^(?:pers\p{L}*|pnr|ssn|social|born|född|födelse\p{L}*|identity|kund\p{L}*|customers?|patient\p{L}*|medlem\p{L}*|member)$/u;

/** Ten bare digits that begin like the seconds since 1970 of these years are a time, unless a word means otherwise. */
const looksLikeSeconds = (digits: string): boolean => digits.startsWith('17') || digits.startsWith('18');

/** Whether digits, written in `parts` groups behind `word`, are a personal number. */
export function isPerson(digits: string, parts: number, word: string): boolean {
  if (digits.length === 11) return isNorwegian(digits);
  if (digits.length !== 10 && digits.length !== 12) return false;
  if (parts === 1 && digits.length === 10 && looksLikeSeconds(digits) && !PERSON_WORDS.test(word))
    return false;
  return isSwedish(digits);
}
