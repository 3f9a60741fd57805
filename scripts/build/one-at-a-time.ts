import { mkdirSync, rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A builder that was killed leaves its lock; no build takes this long. */
const ABANDONED_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** Runs `work` while no other process does: the folder `lock` is there as long as somebody is at it. */
export async function oneAtATime(lock: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > ABANDONED_MS) rmSync(lock, { recursive: true, force: true });
      else await delay(LOOK_AGAIN_MS);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
