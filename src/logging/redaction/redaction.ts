import { addNames } from './names/names.ts';
import { createOwnPatterns, type PatternProblem } from './own-patterns.ts';
import { redactText } from './redact-text.ts';

export interface RedactionOptions {
  /** Names of extras, and in texts, whose values are secrets in addition to the built-in ones. */
  readonly keys: readonly string[];
  /** Patterns of further secrets, in RE2's syntax. */
  readonly patterns: readonly string[];
  /** A pattern cannot be used. */
  readonly onProblem: (problem: PatternProblem) => void;
}

/** The text without its secrets. */
export type RedactText = (text: string) => string;

/** The redaction of one process: what is built in, and what the settings add. */
export function createRedaction(options: RedactionOptions): RedactText {
  addNames(options.keys);
  const own = createOwnPatterns(options.patterns, options.onProblem);
  return own === undefined ? redactText : (text) => own.redact(redactText(text));
}

const MAX_NAMES_KEPT = 1000;

/** Names of loggers as they are written; the answers are kept, since there are few. */
export function createShownNames(redact: RedactText): RedactText {
  const kept = new Map<string, string>();
  return (name) => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const shown = redact(name);
    if (kept.size < MAX_NAMES_KEPT && name.length <= 256) kept.set(name, shown);
    return shown;
  };
}
