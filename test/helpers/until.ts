import { AssertionError } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** Generous: a machine under load is no failure. */
  readonly deadlineMs?: number;
  readonly intervalMs?: number;
  /** For the failure; without it the text of `met`. */
  readonly what?: string | (() => string);
}

const DEADLINE_MS = 30_000;
const INTERVAL_MS = 5;

/** Looks again until the condition is met; a clear failure when the deadline is over. */
export async function until(
  met: () => unknown,
  { deadlineMs = DEADLINE_MS, intervalMs = INTERVAL_MS, what = () => String(met) }: UntilOptions = {},
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await met())) {
    if (performance.now() > endMs) {
      const text = typeof what === 'string' ? what : what();
      throw new AssertionError({ message: `not met within ${deadlineMs} ms: ${text}`, stackStartFn: until });
    }
    await pause(intervalMs);
  }
}
