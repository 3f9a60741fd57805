/** Characters that mean something in RE2; a pattern without them is a literal. */
const META = /[\\.+*?()|[\]{}^$]/;
/** Literals and dots, the latter also as `.*` and `.+`; both engines read these alike. */
const WILDCARDS = /^(?:[^\\.+*?()|[\]{}^$]|\.[*+]?)*$/;
/** Longer ones go to the RE2 engine, whose time is bounded. */
const MAX_WILDCARDS = 5000;

export interface SimplePattern {
  readonly accepts: (value: string) => boolean;
  /** As `LabelMatcher.cost`. */
  readonly cost: number;
}

/** Backtracking of JavaScript's engine is at most quadratic in the length of the value with so many repetitions. */
const MAX_REPETITIONS = 2;

/**
 * A test for whole values, for patterns that need no RE2 engine: literals, wildcards (`5..`, `/api/.*`), and
 * alternations of these, in one pair of brackets or none. Undefined for any other pattern.
 */
export function simplePattern(pattern: string): SimplePattern | undefined {
  if (pattern === '.*') return { accepts: () => true, cost: 0 };
  if (pattern === '.+') return { accepts: (value) => value !== '', cost: 0 };
  const inner = /^\(([^()]*)\)$/.exec(pattern)?.[1] ?? pattern;
  const parts = inner.split('|');
  if (!parts.some((part) => META.test(part))) {
    const accepted = new Set(parts);
    return { accepts: (value) => accepted.has(value), cost: 0 };
  }
  if (pattern.length > MAX_WILDCARDS) return undefined;
  if (!parts.every((part) => WILDCARDS.test(part))) return undefined;
  if (parts.some((part) => (part.match(/[*+]/g)?.length ?? 0) > MAX_REPETITIONS)) return undefined;
  // `s`: the dot matches a line break; `u`: it matches a code point, as in RE2.
  const regex = new RegExp(`^(?:${inner.replaceAll('/', String.raw`\/`)})$`, 'su');
  return { accepts: (value) => regex.test(value), cost: pattern.length };
}
