import type { TemplateFunction } from './template-function.ts';
import { type GoValue, typeName } from './value.ts';

type Comparable = string | number | bigint | boolean;

/** Go compares only values of one kind: an int with a float64 is an error there, and so it is here. */
function pair(a: GoValue, b: GoValue): readonly [Comparable, Comparable] {
  const isComparable = (value: GoValue): value is Comparable => value !== null && typeof value !== 'object';
  if (!isComparable(a) || !isComparable(b) || typeof a !== typeof b) {
    throw new TypeError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  }
  return [a, b];
}

function equal(a: GoValue, b: GoValue): boolean {
  const [left, right] = pair(a, b);
  return left === right;
}

function less(a: GoValue, b: GoValue): boolean {
  const [left, right] = pair(a, b);
  if (typeof left === 'boolean') throw new TypeError('invalid type for comparison: bool');
  return left < right;
}

const two = (call: (a: GoValue, b: GoValue) => boolean): TemplateFunction => ({
  least: 2,
  most: 2,
  call: ([a, b]) => call(a!, b!),
});

/** Go's comparison functions; `eq` answers whether the first argument equals any of the others. */
export const comparisons: Readonly<Record<string, TemplateFunction>> = {
  eq: { least: 2, most: 100, call: ([first, ...others]) => others.some((other) => equal(first!, other)) },
  ne: two((a, b) => !equal(a, b)),
  lt: two(less),
  le: two((a, b) => less(a, b) || equal(a, b)),
  // As Go has them: of NaN both are true.
  gt: two((a, b) => !(less(a, b) || equal(a, b))),
  ge: two((a, b) => !less(a, b)),
};
