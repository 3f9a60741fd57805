import { luhn, personal } from './generate.ts';

const groups = (digits: string, separator: string, sizes: readonly number[]): string => {
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size))).join(separator);
};
const four = (digits: string, separator: string): string => groups(digits, separator, [4, 4, 4, 4]);

/** Card numbers as texts write them. */
export const cardForms: readonly (readonly [what: string, make: () => string])[] = [
  ['Visa', () => luhn('4', 16)],
  ['Visa of 13 digits', () => luhn('4', 13)],
  ['Mastercard', () => luhn('53', 16)],
  ['Mastercard 2', () => luhn('2223', 16)],
  ['American Express', () => luhn('37', 15)],
  ['Discover', () => luhn('6011', 16)],
  ['JCB', () => luhn('3530', 16)],
  ['Diners', () => luhn('36', 14)],
  ['UnionPay', () => luhn('62', 16)],
  ['Maestro', () => luhn('6759', 16)],
  ['blanks', () => four(luhn('4', 16), ' ')],
  ['hyphens', () => four(luhn('51', 16), '-')],
  ['dots', () => four(luhn('4', 16), '.')],
  ['slashes', () => four(luhn('4', 16), '/')],
  ['underscores', () => four(luhn('4', 16), '_')],
  ['two blanks', () => four(luhn('4', 16), '  ')],
  ['no-break blanks', () => four(luhn('4', 16), '\u00a0')],
  ['narrow no-break blanks', () => four(luhn('4', 16), '\u202f')],
  ['thin blanks', () => four(luhn('4', 16), '\u2009')],
  ['figure blanks', () => four(luhn('4', 16), '\u2007')],
  ['no-break hyphens', () => four(luhn('4', 16), '\u2011')],
  ['en dashes', () => four(luhn('4', 16), '\u2013')],
  ['tabs', () => four(luhn('4', 16), '\t')],
  ['American Express in groups', () => groups(luhn('34', 15), ' ', [4, 6, 5])],
  ['Diners in groups', () => groups(luhn('38', 14), ' ', [4, 6, 4])],
  ['two halves', () => groups(luhn('4', 16), ' ', [8, 8])],
];

const person = (date: string): readonly [day: string, end: string] => {
  const number = personal(date);
  return [number.slice(0, 6), number.slice(6)];
};
const joined = (date: string, before: string, between: string): string => {
  const [day, end] = person(date);
  return before + day + between + end;
};

/** Swedish personal numbers and others that have a check digit or an unmistakable form, as texts write them. */
export const personForms: readonly (readonly [what: string, make: () => string])[] = [
  ['hyphen', () => joined('811228', '', '-')],
  ['plain', () => joined('640823', '', '')],
  ['twelve digits', () => joined('811228', '19', '')],
  ['twelve digits, hyphen', () => joined('050301', '20', '-')],
  ['plus of the hundred years', () => joined('181224', '', '+')],
  ['blank', () => joined('811228', '', ' ')],
  ['century, blank', () => joined('811228', '19', ' ')],
  ['en dash', () => joined('811228', '', '\u2013')],
  ['minus', () => joined('811228', '', '\u2212')],
  ['no-break hyphen', () => joined('700615', '', '\u2011')],
  ['no-break blank', () => joined('700615', '', '\u00a0')],
  ['coordination number', () => joined('701063', '', '-')],
  ['coordination number, century', () => joined('701091', '19', '')],
  ['ISO date', () => `1981-12-28-${person('811228')[1]}`],
  ['date with blanks', () => `1981 12 28 ${person('811228')[1]}`],
  ['date with dots', () => `1981.12.28-${person('811228')[1]}`],
  ['blanks around the hyphen', () => joined('811228', '', ' - ')],
];

/** In what texts the numbers above occur. */
export const numberTexts: readonly string[] = [
  'pay § ok',
  'kund §.',
  '(§)',
  '"§"',
  'value=§',
  '§',
  'customer §, twice',
  '{"n":"§"}',
  'a: §; b',
];
