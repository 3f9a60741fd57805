import type { MonitorLink } from '../connection/monitor-link.ts';
import type { AgentReader } from './agent-reader.ts';
import { SnapshotEncoder } from './snapshot-encoder.ts';

/** Reads all instruments of this process when the monitor asks, and posts their values. */
export class Collection {
  readonly #reader: AgentReader;
  readonly #link: MonitorLink;
  #encoder = new SnapshotEncoder();

  constructor(reader: AgentReader, link: MonitorLink) {
    this.#reader = reader;
    this.#link = link;
  }

  /** A new monitor knows none of the series that were named to the last one. */
  restart(): void {
    this.#encoder = new SnapshotEncoder();
  }

  /** Posts the values as the answer to a request of the monitor. */
  async answer(request: number): Promise<void> {
    const encoder = this.#encoder;
    const snapshot = encoder.encode(await this.#reader.read(), Date.now());
    // Meanwhile a new link may have opened, to which this encoder's numbers mean nothing.
    if (encoder !== this.#encoder) return;
    this.#link.post({ kind: 'snapshot', request, snapshot }, [snapshot.values.buffer as ArrayBuffer]);
  }

  /** Posts the values unasked, before the process ends. Never rejects. */
  async postTotals(): Promise<void> {
    await this.answer(0).catch(() => {});
  }
}
