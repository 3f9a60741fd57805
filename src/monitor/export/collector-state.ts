import { canConnect } from '../../address/can-connect.ts';

/** How long a collector may take to accept a connection when the monitor starts. */
const PROBE_MS = 2000;

/**
 * Whether the collector can be reached: one answer for logs and metrics, by the origin of their addresses. Known by
 * what became of the last request, whoever sent it; before the first one by whether it accepts a connection.
 */
export class CollectorState {
  readonly #reachable = new Map<string, boolean>();
  readonly #away = new Map<string, PromiseWithResolvers<void>>();
  readonly #watchers: ((reachable: boolean) => void)[] = [];
  /** What the watchers were last called with. */
  #known: boolean | undefined;

  constructor(urls: readonly (string | undefined)[]) {
    for (const url of urls) {
      if (url === undefined) continue;
      this.#reachable.set(originOf(url), true);
      this.#away.set(originOf(url), Promise.withResolvers());
    }
  }

  /** Whether there is a collector that can be reached; true also where none is set. */
  get isAnyReachable(): boolean {
    return this.#reachable.size === 0 || [...this.#reachable.values()].includes(true);
  }

  /** Calls back with `isAnyReachable` as soon as it is known, and on each change. */
  watch(onReachable: (reachable: boolean) => void): void {
    this.#watchers.push(onReachable);
    if (this.#known !== undefined) onReachable(this.#known);
  }

  /** A request to this address was answered, or was not. */
  report(url: string, reachable: boolean): void {
    const origin = originOf(url);
    if (this.#reachable.get(origin) === reachable) return;
    this.#reachable.set(origin, reachable);
    if (reachable) this.#away.set(origin, Promise.withResolvers());
    else this.#away.get(origin)?.resolve();
    this.#notify();
  }

  /** Resolves when the work is done, or as soon as it is known that the address cannot be reached. Never rejects. */
  async unlessAway(url: string, work: () => Promise<unknown>): Promise<void> {
    const origin = originOf(url);
    if (this.#reachable.get(origin) === false) return;
    await Promise.race([work().catch(() => {}), this.#away.get(origin)?.promise]);
  }

  /** Finds out before there is anything to send: an end that comes early waits for no collector that is not there. */
  async probe(): Promise<void> {
    const origins = [...this.#reachable.keys()];
    await Promise.all(
      origins.map(async (origin) => {
        if (!(await canConnect(origin, PROBE_MS))) this.report(origin, false);
      }),
    );
    if (origins.length > 0) this.#notify();
  }

  #notify(): void {
    if (this.#known === this.isAnyReachable) return;
    this.#known = this.isAnyReachable;
    for (const watcher of this.#watchers) watcher(this.#known);
  }
}

function originOf(url: string): string {
  return new URL(url).origin;
}
