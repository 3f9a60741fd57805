import { passesLuhn } from './luhn.ts';

/** First digits from and to, and the lengths that go with them (ISO/IEC 7812; the networks' own pages). */
const NETWORKS: readonly (readonly [from: number, to: number, lengths: readonly number[]])[] = [
  [4000, 4999, [13, 16, 19]], // Visa
  [5100, 5599, [16]], // Mastercard
  [2221, 2720, [16]],
  [3400, 3499, [15]], // American Express
  [3700, 3799, [15]],
  [3600, 3699, [14]], // Diners Club
  [3800, 3999, [14]],
  [3000, 3059, [14]],
  [3528, 3589, [16]], // JCB
  [6011, 6011, [16, 17, 18, 19]], // Discover
  [6200, 6299, [16, 17, 18, 19]], // UnionPay
  [6400, 6599, [16, 17, 18, 19]],
  [5000, 5099, [16, 17, 18, 19]], // Maestro
  [5600, 5899, [16, 17, 18, 19]],
  [6300, 6399, [16, 17, 18, 19]],
  [6700, 6799, [16, 17, 18, 19]],
];

/** Whether digits are a card number: those of a network, of its length, with a check digit that fits. */
export function isCard(digits: string): boolean {
  const four = Number(digits.slice(0, 4));
  const network = NETWORKS.find(([from, to]) => four >= from && four <= to);
  return network !== undefined && network[2].includes(digits.length) && passesLuhn(digits);
}

/** The ways in which cards are written in groups, each group's length a hexadecimal digit: 0x4444 is 4-4-4-4. */
const CARD_GROUPS = new Set([
  0x4444, 0x465, 0x464, 0x44443, 0x88, 0x6a, 0x4442, 0x4441, 0x4443, 0x6d, 0x456, 0x445, 0x448, 0x4c, 0x844,
]);

export const isCardForm = (form: number): boolean => CARD_GROUPS.has(form);
