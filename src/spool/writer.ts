// Hot path: `append` once a record: one write, no stat but once a second; while the disk refuses, one comparison.
import { dirname, join } from 'node:path';
import { closeQuietly, type Disk, openFile, realDisk, unlinkQuietly } from '../files/disk.ts';
import { makeFolderWithin } from '../files/make-folder.ts';
import { readOpen } from '../files/read-from.ts';
import { writeAll } from '../files/write-all.ts';
import { type Backoff, backoffMs } from '../time/backoff.ts';
import type { FileMarks, SegmentHeader, SegmentMark } from './record-line.ts';
import { segmentBase, UNSEEN_MS } from './segments.ts';

const CHECK_MS = 1000;
const RETRY: Backoff = { firstMs: 100, maxMs: 5000 };

export interface SpoolWriterOptions {
  readonly dir: string;
  readonly header: SegmentHeader;
  /** Size at which a segment is closed and the next begun. */
  readonly segmentBytes: number;
  /** A segment is about to be closed for the next: its records get their lines; for whom not all have theirs. */
  readonly beforeClose: () => readonly string[];
  /** A segment is about to be opened: the moment to make room. */
  readonly beforeOpen: () => void;
  /** A segment was closed without its last mark, which could not be written. */
  readonly onUnmarked: (base: string) => void;
  readonly disk?: Disk;
}

/** A daily file that could not be written has no lines of these applications since its last mark. */
type Without = readonly string[];

/**
 * The segment that one process writes. Methods return the system's error instead of throwing; after one the disk is
 * left alone for a while, and what comes meanwhile gets the same error.
 */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  readonly #disk: Disk;
  #fd: number | undefined;
  #size = 0;
  #records = 0;
  #number = 0;
  #checkedAtMs = 0;
  #appendedAtMs = 0;
  #folderInode = 0;
  /** Sizes of the daily files as of the last mark: the next segment begins with them. */
  #marks: FileMarks = {};
  #base = '';
  #error: NodeJS.ErrnoException | undefined;
  #failures = 0;
  #failedAtMs = 0;
  #pauseMs = 0;

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
  }

  /** Name of the open segment without claim and ending; empty without one. */
  get base(): string {
    return this.#fd === undefined ? '' : this.#base;
  }

  /** Records in the open segment. */
  get records(): number {
    return this.#records;
  }

  /** Appends one record line; undefined when it is on disk. A failed write leaves nothing behind. */
  append(line: string, nowMs: number): NodeJS.ErrnoException | undefined {
    if (this.#error !== undefined && this.#isPause(nowMs)) return this.#error;
    if (this.#size >= this.#options.segmentBytes) this.close(this.#options.beforeClose());
    const error = this.#write(line, nowMs);
    this.#remember(error, nowMs);
    if (error === undefined) {
      this.#records++;
      this.#appendedAtMs = nowMs;
    }
    return error;
  }

  /** Notes in the segment that all its records have their lines in the daily files, but for those `without`. */
  mark(files: FileMarks, without: Without, nowMs: number): NodeJS.ErrnoException | undefined {
    this.#marks = files;
    if (this.#fd === undefined || this.#records === 0) return undefined;
    if (this.#error !== undefined && this.#isPause(nowMs)) return this.#error;
    const mark: SegmentMark = { done: this.#records, files, ...(without.length > 0 && { without }) };
    return this.#write(`${JSON.stringify(mark)}\n`, nowMs);
  }

  /** Closes the segment for good. `without`: for whom not all its records have their lines. */
  close(without: Without): void {
    if (this.#fd === undefined) return;
    const mark: SegmentMark = {
      done: this.#records,
      files: this.#marks,
      closed: true,
      ...(without.length > 0 && { without }),
    };
    const written = writeAll(this.#disk, this.#fd, `${JSON.stringify(mark)}\n`);
    if (typeof written !== 'number') {
      this.#undo(this.#fd);
      this.#options.onUnmarked(this.#base);
    }
    this.#release();
  }

  #isPause(nowMs: number): boolean {
    return nowMs >= this.#failedAtMs && nowMs - this.#failedAtMs < this.#pauseMs;
  }

  #remember(error: NodeJS.ErrnoException | undefined, nowMs: number): void {
    this.#error = error;
    if (error === undefined) {
      this.#failures = 0;
      return;
    }
    this.#failures++;
    this.#failedAtMs = nowMs;
    this.#pauseMs = backoffMs(this.#failures, RETRY);
  }

  #release(): void {
    if (this.#fd === undefined) return;
    closeQuietly(this.#disk, this.#fd);
    this.#fd = undefined;
    this.#size = 0;
    this.#records = 0;
  }

  #write(line: string, nowMs: number): NodeJS.ErrnoException | undefined {
    const sinceCheckMs = nowMs - this.#checkedAtMs;
    try {
      if (this.#fd === undefined || sinceCheckMs < 0 || sinceCheckMs >= CHECK_MS) this.#check(nowMs);
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
    const fd = this.#fd as number;
    const written = writeAll(this.#disk, fd, line);
    if (typeof written === 'number') {
      this.#size += written;
      return undefined;
    }
    this.#undo(fd);
    return written.error;
  }

  /** Opens the segment, or another when somebody deleted the one that is open. */
  #check(nowMs: number): void {
    if (this.#fd !== undefined && this.#disk.fstat(this.#fd).nlink === 0) this.#replace(nowMs);
    if (this.#fd === undefined) this.#open(nowMs, undefined);
    this.#checkedAtMs = nowMs;
  }

  /**
   * The open segment was deleted. Another container that took this process for dead has shipped it; otherwise its
   * records are gone with it, unless they are written once more: the descriptor still has them.
   */
  #replace(nowMs: number): void {
    const fd = this.#fd as number;
    const isTaken =
      nowMs - this.#appendedAtMs >= UNSEEN_MS &&
      this.#disk.stat(this.#options.dir)?.ino === this.#folderInode;
    const content = isTaken ? undefined : readOpen(this.#disk, fd, 0, this.#size);
    const records = this.#records;
    this.#open(nowMs, content);
    closeQuietly(this.#disk, fd);
    this.#records = isTaken ? 0 : records;
  }

  #open(nowMs: number, content: Buffer | undefined): void {
    const { dir, header, beforeOpen } = this.#options;
    // The spool is in the log folder, one level below its own.
    makeFolderWithin(this.#disk, dirname(dirname(dir)), dir);
    beforeOpen();
    // Content goes under its old name: what the shipper knows of it still holds.
    const base = content === undefined ? segmentBase(nowMs, header.processId, ++this.#number) : this.#base;
    const path = join(dir, `${base}.seg`);
    const fd = openFile(this.#disk, path, 'create');
    const first: SegmentMark = { done: 0, files: this.#marks };
    const text = content ?? `${JSON.stringify(header)}\n${JSON.stringify(first)}\n`;
    const written = writeAll(this.#disk, fd, text);
    if (typeof written !== 'number') {
      closeQuietly(this.#disk, fd);
      unlinkQuietly(this.#disk, path);
      throw written.error;
    }
    this.#folderInode = this.#disk.stat(dir)?.ino ?? 0;
    this.#base = base;
    this.#fd = fd;
    this.#size = written;
    this.#records = 0;
  }

  /** A record that was written in part is cut off again: nobody else writes into this segment. */
  #undo(fd: number): void {
    try {
      this.#disk.truncate(fd, this.#size);
    } catch {
      // The next record starts a segment of its own; readers skip the torn line.
      this.#options.onUnmarked(this.#base);
      this.#release();
    }
  }
}
