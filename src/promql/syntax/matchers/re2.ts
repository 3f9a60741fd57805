import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

let engine: typeof RE2JS | undefined;

/** The RE2 engine. Loading it and its first pattern take 12 MB and 12 ms, so it comes with the first that needs it. */
export function re2(): typeof RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  return engine;
}

/**
 * An RE2 pattern whose dot also matches a line break. Throws an `Error` worded as Go words it, with the pattern as
 * written.
 */
export function compileRe2(pattern: string): RE2JS {
  const { DOTALL } = re2();
  try {
    return re2().compile(pattern, DOTALL);
  } catch (error) {
    // The flag becomes a prefix of the pattern, which nobody wrote.
    throw new Error((error as Error).message.replace('`(?s)', '`'), { cause: error });
  }
}
