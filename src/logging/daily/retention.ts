import { join } from 'node:path';
import { type Disk, unlinkQuietly } from '../../files/disk.ts';
import { readFrom } from '../../files/read-from.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { localDay } from '../../time/timestamps.ts';

const DAILY_FILE = /^([A-Za-z0-9._-]+)_(\d{8})\.log$/;
const OWN_LOG = 'monitoring';
const DAY_MS = 86_400_000;
const SWEEP_MS = 600_000;
/** A file of a logger that this process does not know is ours when it begins like one. */
const HEAD_BYTES = 4096;
const TEXT_HEAD = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (.*?) - (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) - /;
const JSON_HEAD = /^\{"timestamp":"[^"]{20,40}","level":"[A-Z]+","logger":"/;

export interface RetentionOptions {
  readonly dir: string;
  /** 0 keeps all. */
  readonly days: number;
  /** Of all daily files together; 0 keeps all. */
  readonly maxBytes: number;
  readonly ownLog: OwnLog;
  readonly disk: Disk;
}

interface OldFile {
  readonly path: string;
  readonly day: string;
  readonly bytes: number;
}

/**
 * Deletes daily files that are too old, then the oldest of those that are too many, never one of today. Files of other
 * programs stay, also when they look alike: the folder may be shared.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #names = new Set<string>();
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** A logger of this process. */
  add(name: string): void {
    this.#names.add(name);
  }

  /** As `sweep`, every ten minutes at most. */
  sweepSometimes(nowMs: number): void {
    if (Math.abs(nowMs - this.#sweptAtMs) >= SWEEP_MS) this.sweep(nowMs);
  }

  sweep(nowMs: number): void {
    this.#sweptAtMs = nowMs;
    const { dir, days, maxBytes, ownLog } = this.#options;
    if (days === 0 && maxBytes === 0) return;
    const files = [...this.#filesIn(dir), ...this.#filesIn(join(dir, OWN_LOG))];
    files.sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
    const today = localDay(nowMs);
    const oldestKept = days === 0 ? '' : localDay(nowMs - days * DAY_MS);
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, day, bytes } of files) {
      const isOld = day < oldestKept;
      const isTooMuch = maxBytes > 0 && total > maxBytes && day < today;
      if (!isOld && !isTooMuch) continue;
      // Another process was quicker, or the file may not be deleted: the next sweep tries again.
      if (!unlinkQuietly(this.#options.disk, path)) continue;
      total -= bytes;
      ownLog.info(
        `deleted ${path}: ${isOld ? `older than ${days} days` : `the daily files were over ${maxBytes} bytes`}`,
      );
    }
  }

  #filesIn(folder: string): OldFile[] {
    const { disk, dir } = this.#options;
    const files: OldFile[] = [];
    let entries: string[];
    try {
      entries = disk.list(folder);
    } catch {
      return files;
    }
    for (const entry of entries) {
      const [, name = '', day = ''] = DAILY_FILE.exec(entry) ?? [];
      if (day === '') continue;
      const path = join(folder, entry);
      try {
        const stats = disk.stat(path);
        const isOurs = folder === dir ? this.#isOurs(path, name) : name === OWN_LOG;
        if (stats?.isFile() && isOurs) files.push({ path, day, bytes: stats.size });
      } catch {
        // Gone meanwhile, or not ours to look at.
      }
    }
    return files;
  }

  #isOurs(path: string, name: string): boolean {
    if (this.#names.has(name)) return true;
    const head = readFrom(this.#options.disk, path, 0, HEAD_BYTES).toString('utf8');
    if (!TEXT_HEAD.test(head) && !JSON_HEAD.test(head)) return false;
    this.#names.add(name);
    return true;
  }
}
