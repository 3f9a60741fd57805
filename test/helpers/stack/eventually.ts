import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 100;

/**
 * Asks real servers again until `check` passes; what it last threw is thrown when `limitMs` is over. `check` is an
 * assertion on what a query answers.
 */
export async function eventually<T>(check: () => Promise<T>, limitMs = 30_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(LOOK_MS);
  }
}
