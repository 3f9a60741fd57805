// Hot path: `matches` runs per series when the set of series changed, not per evaluation (the store keeps selections).
import type { LabelMatcher } from '../../../samples/queryable.ts';
import { Re2Pattern } from './re2.ts';
import { simplePattern } from './simple-pattern.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

interface Test {
  readonly accepts: (value: string) => boolean;
  /** As `LabelMatcher.cost`. */
  readonly cost: number;
  /** Instructions of an RE2 pattern, else 0. */
  readonly size: number;
}

function patternTest(pattern: string): Test {
  const simple = simplePattern(pattern);
  if (simple !== undefined) return { ...simple, size: 0 };
  const regex = new Re2Pattern(pattern);
  return { accepts: (value) => regex.matches(value), cost: regex.size, size: regex.size };
}

function testOf(op: MatchOperator, expected: string): Test {
  switch (op) {
    case '=':
      return { accepts: (value) => value === expected, cost: 0, size: 0 };
    case '!=':
      return { accepts: (value) => value !== expected, cost: 0, size: 0 };
    case '=~':
      return patternTest(expected);
    case '!~': {
      const test = patternTest(expected);
      return { ...test, accepts: (value) => !test.accepts(value) };
    }
  }
}

/**
 * One condition of a selector. Patterns are RE2, match the whole value, and their dot also matches a line break
 * (model/labels/regexp.go). Throws an `Error` for a malformed pattern, and for one that is too large.
 */
export class Matcher implements LabelMatcher {
  readonly name: string;
  readonly op: MatchOperator;
  readonly value: string;
  readonly literal: string | undefined;
  readonly cost: number;
  /** Instructions of its pattern; 0 where it needs no RE2 engine. */
  readonly size: number;
  readonly #accepts: (value: string) => boolean;

  constructor(name: string, op: MatchOperator, value: string) {
    this.name = name;
    this.op = op;
    this.value = value;
    this.literal = op === '=' ? value : undefined;
    const { accepts, cost, size } = testOf(op, value);
    this.#accepts = accepts;
    this.cost = cost;
    this.size = size;
  }

  matches(value: string): boolean {
    return this.#accepts(value);
  }
}
