// Hot path: `append` once a record: one write, no stat but once a second.
import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { segmentBase } from './segments.ts';
import type { FileMarks, SegmentHeader, SegmentMark } from './record-line.ts';
import { writeAll } from '../files/write-all.ts';

const FLAGS = constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
const MODE = 0o640;
const FOLDER_MODE = 0o750;
const CHECK_MS = 1000;

export interface SpoolWriterOptions {
  readonly dir: string;
  readonly header: SegmentHeader;
  /** Size at which a segment is closed and the next begun. */
  readonly segmentBytes: number;
  /** A segment is about to be closed for the next: its records get their lines; whether all have. */
  readonly beforeClose: () => boolean;
  /** A segment is about to be opened: the moment to make room. */
  readonly beforeOpen: () => void;
}

/** The segment that one process writes. Methods return the system's error instead of throwing. */
export class SpoolWriter {
  readonly #options: SpoolWriterOptions;
  #fd: number | undefined;
  #size = 0;
  #records = 0;
  #number = 0;
  #checkedAtMs = 0;
  /** Sizes of the daily files as of the last mark: the next segment begins with them. */
  #marks: FileMarks = {};
  #base = '';

  constructor(options: SpoolWriterOptions) {
    this.#options = options;
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
    if (this.#size >= this.#options.segmentBytes) this.close(this.#options.beforeClose());
    const error = this.#write(line, nowMs);
    if (error === undefined) this.#records++;
    return error;
  }

  /** Says in the segment that all its records have their lines in the daily files. */
  mark(files: FileMarks, nowMs: number): NodeJS.ErrnoException | undefined {
    this.#marks = files;
    if (this.#fd === undefined || this.#records === 0) return undefined;
    const mark: SegmentMark = { done: this.#records, files };
    return this.#write(`${JSON.stringify(mark)}\n`, nowMs);
  }

  /** Closes the segment for good. `complete`: all its records have their lines. */
  close(complete: boolean): void {
    if (this.#fd === undefined) return;
    if (complete) {
      const mark: SegmentMark = { done: this.#records, files: this.#marks, closed: true };
      writeAll(this.#fd, `${JSON.stringify(mark)}\n`);
    }
    this.#release();
  }

  #release(): void {
    if (this.#fd === undefined) return;
    try {
      closeSync(this.#fd);
    } catch {
      // Closed by somebody else.
    }
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
    const written = writeAll(fd, line);
    if (typeof written === 'number') {
      this.#size += written;
      return undefined;
    }
    this.#undo(fd);
    return written.error;
  }

  /** Opens the segment, or another when somebody deleted the one that is open. */
  #check(nowMs: number): void {
    this.#checkedAtMs = nowMs;
    if (this.#fd !== undefined && fstatSync(this.#fd).nlink === 0) this.#release();
    if (this.#fd !== undefined) return;
    const { dir, header, beforeOpen } = this.#options;
    mkdirSync(dir, { recursive: true, mode: FOLDER_MODE });
    beforeOpen();
    this.#base = segmentBase(nowMs, header.processId, ++this.#number);
    const path = join(dir, `${this.#base}.seg`);
    const fd = openSync(path, FLAGS, MODE);
    const first: SegmentMark = { done: 0, files: this.#marks };
    const text = `${JSON.stringify(header)}\n${JSON.stringify(first)}\n`;
    const written = writeAll(fd, text);
    if (typeof written !== 'number') {
      closeSync(fd);
      unlinkSync(path);
      throw written.error;
    }
    this.#fd = fd;
    this.#size = written;
  }

  /** A record that was written in part is cut off again: nobody else writes into this segment. */
  #undo(fd: number): void {
    try {
      ftruncateSync(fd, this.#size);
    } catch {
      this.#release(); // The next record starts a segment of its own; readers skip the torn line.
    }
  }
}
