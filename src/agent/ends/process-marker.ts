import { rmSync, utimesSync } from 'node:fs';
import { realDisk } from '../../files/disk.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { MARKER_TOUCH_MS, markerPath, type ProcessEnd, type ProcessMarker } from '../../link/process-end.ts';
import { ownIdentity } from '../../spool/process-identity.ts';

/** The file by which others find out how this process ended. Never throws: without it an end is not noticed. */
export class MarkerFile {
  readonly #folder: string;
  readonly #marker: ProcessMarker;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, service: string, processId: string, nowMs: number) {
    this.#folder = folder;
    this.#marker = { service, processId, ...ownIdentity(), startedAtMs: nowMs };
  }

  get #path(): string {
    return markerPath(this.#folder, this.#marker.processId);
  }

  /** Writes the file and keeps it fresh. */
  begin(): void {
    this.#write(this.#marker);
    this.#timer = setInterval(() => this.#touch(), MARKER_TOUCH_MS);
    this.#timer.unref();
  }

  /** The process is about to end, or has failed already and may be killed before it does. */
  end(end: ProcessEnd): void {
    this.#write({ ...this.#marker, end });
  }

  /** The end is known to those who count it, or is none to count. */
  remove(): void {
    clearInterval(this.#timer);
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // The folder cannot be written any more: the next start counts an end too many.
    }
  }

  #touch(): void {
    try {
      const nowSeconds = Date.now() / 1000;
      utimesSync(this.#path, nowSeconds, nowSeconds);
    } catch {
      this.#write(this.#marker);
    }
  }

  /** Not synced to the disk, which can take 50 ms: only a power cut loses it. */
  #write(marker: ProcessMarker): void {
    try {
      makeFolder(realDisk, this.#folder);
      writeWhole(this.#path, JSON.stringify(marker), { sync: false });
    } catch {
      // A folder that cannot be written; the log of the package has reported it.
    }
  }
}
