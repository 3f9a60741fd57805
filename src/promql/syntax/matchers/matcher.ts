// Hot path: `matches` runs per series when the set of series changed, not per evaluation (the store keeps selections).
import type { LabelMatcher } from '../../../samples/queryable.ts';
import { compileRe2 } from './re2.ts';
import { simplePattern } from './simple-pattern.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

function compile(pattern: string): (value: string) => boolean {
  const simple = simplePattern(pattern);
  if (simple) return simple;
  const regex = compileRe2(pattern);
  return (value) => regex.testExact(value);
}

/**
 * One condition of a selector. Patterns are RE2, match the whole value, and their dot also matches a line break
 * (model/labels/regexp.go). Throws what `re2js` throws for a malformed pattern.
 */
export class Matcher implements LabelMatcher {
  readonly name: string;
  readonly op: MatchOperator;
  readonly value: string;
  readonly literal: string | undefined;
  readonly #test: (value: string) => boolean;

  constructor(name: string, op: MatchOperator, value: string) {
    this.name = name;
    this.op = op;
    this.value = value;
    this.literal = op === '=' ? value : undefined;
    this.#test = Matcher.#testOf(op, value);
  }

  matches(value: string): boolean {
    return this.#test(value);
  }

  static #testOf(op: MatchOperator, expected: string): (value: string) => boolean {
    switch (op) {
      case '=':
        return (value) => value === expected;
      case '!=':
        return (value) => value !== expected;
      case '=~':
        return compile(expected);
      case '!~': {
        const accepts = compile(expected);
        return (value) => !accepts(value);
      }
    }
  }
}
