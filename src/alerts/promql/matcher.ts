// Hot path: `matches` runs per series when the set of series changed, not per evaluation (the store keeps selections).
import { RE2JS } from 're2js';
import type { LabelMatcher } from '../samples/queryable.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** Characters that mean something in RE2; a pattern without them is a literal. */
const META = /[\\.+*?()|[\]{}^$]/;

/** The values that a pattern of literals and alternations such as `a|b|c` accepts; undefined for any other pattern. */
function literalsOf(pattern: string): readonly string[] | undefined {
  const inner = /^\(([^()]*)\)$/.exec(pattern)?.[1] ?? pattern;
  const parts = inner.split('|');
  return parts.some((part) => META.test(part)) ? undefined : parts;
}

/**
 * An RE2 pattern whose dot also matches a line break. Throws an `Error` worded as Go words it, with the pattern as
 * written.
 */
export function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    // The flag becomes a prefix of the pattern, which nobody wrote.
    throw new Error((error as Error).message.replace('`(?s)', '`'), { cause: error });
  }
}

function compile(pattern: string): (value: string) => boolean {
  if (pattern === '.*') return () => true;
  if (pattern === '.+') return (value) => value !== '';
  const literals = literalsOf(pattern);
  if (literals !== undefined) {
    const accepted = new Set(literals);
    return (value) => accepted.has(value);
  }
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
