import type { Collection } from '../collection/collection.ts';
import type { MonitorLink } from '../connection/monitor-link.ts';

/**
 * Waits for the monitor to send what is on disk. While the collector is known to be away nothing is waited for: the
 * whole deadline would be used up, and the spool keeps the records for the next start.
 */
export class Drain {
  readonly #link: MonitorLink;
  readonly #collection: Collection;
  readonly #ships: boolean;
  readonly #waiting = new Map<number, () => void>();
  #collectorReachable = true;
  #nextRequest = 1;

  /** `ships`: whether anything is sent to a collector. */
  constructor(link: MonitorLink, collection: Collection, ships: boolean) {
    this.#link = link;
    this.#collection = collection;
    this.#ships = ships;
  }

  /** False while the collector is known to be away. */
  get collectorReachable(): boolean {
    return this.#collectorReachable;
  }

  get #worthWaiting(): boolean {
    return this.#ships && this.#collectorReachable;
  }

  /** With the thread blocked, as an `exit` handler has to. Only our own thread can be waited for like this. */
  sync(deadlineMs: number): void {
    if (!this.#worthWaiting || this.#link.isFollower) return;
    this.#link.openNow();
    if (!this.#link.hasThread) return;
    const done = new SharedArrayBuffer(4);
    this.#link.post({ kind: 'drain', request: this.#nextRequest++, deadlineMs, done });
    Atomics.wait(new Int32Array(done), 0, 0, deadlineMs);
  }

  async async(deadlineMs: number): Promise<void> {
    if (!this.#worthWaiting || this.#link.isLost) return;
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
    await this.#collection.postTotals();
    this.#link.post({ kind: 'drain', request, deadlineMs });
  }

  /** The monitor answered. */
  drained(request: number): void {
    this.#waiting.get(request)?.();
  }

  /** The monitor has reached the collector, or failed to; waiting for one that went away ends. */
  collector(reachable: boolean): void {
    this.#collectorReachable = reachable;
    if (!reachable) this.#finishAll();
  }

  /** The monitor has ended: pending requests will not be answered. */
  monitorLost(): void {
    this.#finishAll();
  }

  #finishAll(): void {
    for (const finish of this.#waiting.values()) finish();
  }
}
