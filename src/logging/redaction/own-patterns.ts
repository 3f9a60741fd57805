// Hot path: only where the settings name patterns.
import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { REDACTED } from './found.ts';

/** Most patterns, characters of one, and instructions of all together once their repetitions are written out. */
export const patternLimits = { count: 20, chars: 500, instructions: 1000 } as const;
/** Steps (instructions times characters, about 11 ns each) that the patterns may take for one text: some 20 ms. */
const MAX_STEPS = 2_000_000;
const MAX_CHARS = 16_384;

export interface OwnPatterns {
  /** The text with all matches replaced. */
  redact(text: string): string;
}
export interface PatternProblem {
  readonly pattern: string;
  readonly got: string;
}

/**
 * The patterns of the setting as RE2 matches them: in time linear in the text, whatever the pattern. Those that are
 * malformed, empty, too large or match the empty text are reported to `onProblem` and left out.
 */
export function createOwnPatterns(
  patterns: readonly string[],
  onProblem: (problem: PatternProblem) => void,
): OwnPatterns | undefined {
  if (patterns.length === 0) return undefined;
  const { RE2JS: engine } = createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS };
  const compiled: RE2JS[] = [];
  let instructions = 0;
  for (const pattern of patterns) {
    const got = refusal(pattern, compiled.length);
    if (got !== undefined) {
      onProblem({ pattern, got });
      continue;
    }
    try {
      const regex = engine.compile(pattern);
      if (regex.matcher('').find()) onProblem({ pattern, got: 'it matches the empty text' });
      else if (regex.programSize() > patternLimits.instructions)
        onProblem({ pattern, got: 'it is too large' });
      else compiled.push(regex);
    } catch (error) {
      onProblem({ pattern, got: (error as Error).message });
    }
  }
  if (compiled.length === 0) return undefined;
  const maxChars = Math.min(MAX_CHARS, Math.floor(MAX_STEPS / instructions));
  return { redact: (text) => redactWith(compiled, text, maxChars) };
}

/** Repetitions that RE2 would write out: `((a{100}){100}){100}` is a million instructions. */
function refusal(pattern: string, before: number): string | undefined {
  if (before >= patternLimits.count) return `more than ${patternLimits.count} patterns`;
  if (pattern.length > patternLimits.chars) return `longer than ${patternLimits.chars} characters`;
  let product = pattern.length;
  for (const [, least = '0', most = least] of pattern.matchAll(/\{(\d{1,9})(?:,(\d{0,9}))?\}/g)) {
    product *= Math.max(1, Number(least), Number(most));
  }
  return product > 20_000 ? 'its repetitions are too large' : undefined;
}

/** What is beyond `maxChars` was not looked at, so it is not written. */
function redactWith(patterns: readonly RE2JS[], text: string, maxChars: number): string {
  let head = text.length > maxChars ? text.slice(0, maxChars) : text;
  for (const pattern of patterns) {
    const matcher = pattern.matcher(head);
    if (matcher.find()) head = matcher.replaceAll(REDACTED);
  }
  return text.length > maxChars ? `${head}… [${text.length - maxChars} more characters]` : head;
}
