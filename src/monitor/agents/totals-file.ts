import { constants, readFileSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { SeriesValue } from './process-totals.ts';

/** What a next leader has to know so that no sum goes back when this one dies. */
export interface KeptTotals {
  /** Sums of processes that ended. */
  readonly ended: readonly SeriesValue[];
  /** Last totals of the others, by process id. */
  readonly processes: ReadonlyMap<string, readonly SeriesValue[]>;
}

const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
/** A link or pipe with the same name is neither followed nor waited for. */
const FLAGS = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK;

/**
 * The totals in the log folder of the service, while there is a process that could lead next. Written whole after each
 * collection, so a reader sees the old or the new ones.
 */
export class TotalsFile {
  readonly #path: string;
  #latest: KeptTotals | undefined;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  /** One may be there from a leader before us. */
  #isThere = true;

  constructor(path: string) {
    this.#path = path;
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

  /** Removes the file, if there is one. */
  discard(): void {
    if (!this.#isThere) return;
    this.#isThere = false;
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // It is overwritten by the next write, and read by nobody until then.
    }
  }

  /**
   * Resolves when these totals, or later ones, are in the file. Never rejects: what cannot be kept is missing only if
   * this leader dies.
   */
  write(kept: KeptTotals): Promise<void> {
    this.#isThere = true;
    this.#latest = kept;
    this.#queued ??= this.#writing.then(() => this.#writeLatest());
    return this.#queued;
  }

  /** One write at a time; what is handed in meanwhile is in the next one. */
  #writeLatest(): Promise<void> {
    const kept = this.#latest;
    this.#queued = undefined;
    this.#writing = kept ? this.#replace(kept) : Promise.resolve();
    return this.#writing;
  }

  async #replace(kept: KeptTotals): Promise<void> {
    try {
      const next = `${this.#path}.next`;
      const file = await open(next, FLAGS, 0o600);
      try {
        await file.writeFile(serialize(kept));
      } finally {
        await file.close();
      }
      await rename(next, this.#path);
    } catch {
      // The folder is gone or full; the next collection tries again.
    }
  }
}
