/** Longer sleeps than this would not notice a clock that was set. */
const LONGEST_SLEEP_MS = 60_000;

/** Wakes at given times of the clock, one at a time. Keeps no process alive. */
export class WakeTimer {
  readonly #now: () => number;
  readonly #wake: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, wake: () => void) {
    this.#now = now;
    this.#wake = wake;
  }

  /** Replaces an earlier time; undefined: in a minute at the latest. */
  set(atMs: number | undefined): void {
    clearTimeout(this.#timer);
    const sleepMs = Math.min(LONGEST_SLEEP_MS, Math.max(1, (atMs ?? Number.POSITIVE_INFINITY) - this.#now()));
    this.#timer = setTimeout(this.#wake, sleepMs);
    this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
