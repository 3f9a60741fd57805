import { readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { SeriesValue } from './process-totals.ts';

/** What a next leader has to know so that no sum goes back when this one dies. */
export interface KeptTotals {
  /** Sums of processes that ended. */
  readonly ended: readonly SeriesValue[];
  /** Last totals of the others, by process id. */
  readonly processes: ReadonlyMap<string, readonly SeriesValue[]>;
}

/**
 * The totals beside the socket of the service, in its private folder. Written whole after each collection, so a
 * reader sees the old or the new ones; it is of no use after the last process has gone.
 */
export class TotalsFile {
  readonly #path: string;
  #busy = false;

  constructor(socketPath: string) {
    this.#path = `${socketPath}.totals`;
  }

  /** Undefined where there are none, or none that can be read. */
  read(): KeptTotals | undefined {
    try {
      const kept = deserialize(readFileSync(this.#path)) as KeptTotals;
      return Array.isArray(kept.ended) && kept.processes instanceof Map ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  discard(): void {
    rmSync(this.#path, { force: true });
  }

  /** Never rejects: what cannot be kept is missing only if this leader dies. While one is written others are left out. */
  async write(kept: KeptTotals): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const next = `${this.#path}.next`;
      await writeFile(next, serialize(kept), { mode: 0o600 });
      await rename(next, this.#path);
    } catch {
      // The folder is gone or full; the next collection tries again.
    } finally {
      this.#busy = false;
    }
  }
}
