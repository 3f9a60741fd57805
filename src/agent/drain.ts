import type { MonitorLink } from './monitor-link.ts';

/**
 * Waits for the monitor to ship what is on disk. While the collector is away nothing is waited for: the whole
 * deadline would be used up, and the spool keeps the records for the next start.
 */
export class Drain {
  /** What the monitor said last; true until it has had a failure to tell of. */
  reachable = true;
  readonly #link: MonitorLink;
  readonly #ships: boolean;
  readonly #sendTotals: () => Promise<void>;
  readonly #waiting = new Map<number, () => void>();
  #nextRequest = 1;

  /** `sendTotals` posts a last snapshot of the instruments. */
  constructor(link: MonitorLink, ships: boolean, sendTotals: () => Promise<void>) {
    this.#link = link;
    this.#ships = ships;
    this.#sendTotals = sendTotals;
  }

  get #worthWaiting(): boolean {
    return this.#ships && this.reachable;
  }

  /** With the thread blocked, as an `exit` handler has to. Only our own thread can be waited for like this. */
  sync(deadlineMs: number): void {
    if (!this.#worthWaiting || this.#link.isFollower) return;
    this.#link.openNow();
    const done = new SharedArrayBuffer(4);
    this.#link.post({ kind: 'drain', request: this.#nextRequest++, deadlineMs, done });
    Atomics.wait(new Int32Array(done), 0, 0, deadlineMs);
  }

  async async(deadlineMs: number): Promise<void> {
    if (!this.#worthWaiting) return;
    const request = this.#nextRequest++;
    await new Promise<void>((finish) => {
      const timer = setTimeout(finish, deadlineMs);
      this.#waiting.set(request, () => {
        clearTimeout(timer);
        finish();
      });
      void this.#ask(request, deadlineMs);
    });
    this.#waiting.delete(request);
  }

  /** The end can come before the link is there. */
  async #ask(request: number, deadlineMs: number): Promise<void> {
    await this.#link.opened;
    await this.#sendTotals().catch(() => {});
    this.#link.post({ kind: 'drain', request, deadlineMs });
  }

  /** The monitor answered. */
  drained(request: number): void {
    this.#waiting.get(request)?.();
  }
}
