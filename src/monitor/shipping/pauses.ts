import { type Backoff, backoffMs } from '../../time/backoff.ts';

export const DEFAULT_PAUSES: Backoff = { firstMs: 1000, maxMs: 30_000 };

/** What a collector may ask for at most in `Retry-After`. */
const MAX_ASKED_MS = 600_000;
const JITTER = 0.2;

/**
 * The pause before the next attempt, `failures` (at least 1) in a row: doubled each time, ±20 % so that many
 * services do not come back at one moment; at least what the collector asked for. `random` is from 0 to 1.
 */
export function pauseMs(
  failures: number,
  askedMs: number | undefined,
  pauses: Backoff,
  random: number,
): number {
  const own = backoffMs(failures, pauses) * (1 + JITTER * (2 * random - 1));
  return Math.max(own, Math.min(askedMs ?? 0, MAX_ASKED_MS));
}
