/** Pauses between attempts: doubled with each failure. */
export interface Backoff {
  readonly firstMs: number;
  /** Pauses grow to this and stay there, however long the outage is. */
  readonly maxMs: number;
}

/** The pause after so many failures in a row (at least 1). */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
}
