// Hot path without a spool: one write a record. With one: one write and one fstat a batch.
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileMark } from '../../spool/record-line.ts';
import { writeAll, type WriteFailure } from '../../files/write-all.ts';

const FLAGS = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY;
const MODE = 0o640;
const FOLDER_MODE = 0o750;
const CHECK_MS = 1000;

const LINE_FEED = 10;

/** Whether a file of this size ends inside a line; one that may only be written counts as whole. */
function endsInLine(path: string, size: number): boolean {
  if (size === 0) return false;
  try {
    const fd = openSync(path, 'r');
    try {
      const byte = Buffer.alloc(1);
      return readSync(fd, byte, 0, 1, size - 1) === 1 && byte[0] !== LINE_FEED;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

/**
 * One daily file, open for appending; several processes may append to it at once. It is opened with the first
 * write, and again when something moved or deleted it, which is looked for once a second.
 */
export class DailyFile {
  readonly path: string;
  #fd: number | undefined;
  #inode = 0;
  #checkedAtMs = 0;
  #lastMark: FileMark | undefined;
  #endsTorn = false;

  constructor(path: string) {
    this.path = path;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /**
   * Appends whole lines. What could not be written is handed back; it `continues` the line with which the file then
   * ends. Otherwise a last line that somebody left cut off is ended first.
   */
  append(data: string | Buffer, nowMs: number, continues = false): WriteFailure | undefined {
    let fd: number;
    try {
      fd = this.#descriptor(nowMs);
    } catch (error) {
      return { error: error as NodeJS.ErrnoException, rest: Buffer.from(data) };
    }
    const startsLine = this.#endsTorn && !continues && data.length > 0;
    const written = writeAll(fd, startsLine ? Buffer.concat([Buffer.from('\n'), Buffer.from(data)]) : data);
    this.#endsTorn &&= data.length === 0;
    if (typeof written === 'number') return undefined;
    this.close();
    return written;
  }

  /** Inode and size now or when it was last closed, for a mark in the spool; undefined before the first write. */
  mark(): FileMark | undefined {
    if (this.#fd === undefined) return this.#lastMark;
    const { ino, size } = fstatSync(this.#fd);
    return [ino, size];
  }

  close(): void {
    if (this.#fd === undefined) return;
    try {
      this.#lastMark = this.mark();
      closeSync(this.#fd);
    } catch {
      // Closed by somebody else: there is nothing left to release.
    }
    this.#fd = undefined;
  }

  #descriptor(nowMs: number): number {
    const sinceCheckMs = nowMs - this.#checkedAtMs;
    if (this.#fd !== undefined && sinceCheckMs >= 0 && sinceCheckMs < CHECK_MS) return this.#fd;
    this.#checkedAtMs = nowMs;
    if (this.#fd !== undefined && statSync(this.path, { throwIfNoEntry: false })?.ino !== this.#inode) {
      this.close();
    }
    return (this.#fd ??= this.#open());
  }

  #open(): number {
    let fd: number;
    try {
      fd = openSync(this.path, FLAGS, MODE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      mkdirSync(dirname(this.path), { recursive: true, mode: FOLDER_MODE });
      fd = openSync(this.path, FLAGS, MODE);
    }
    const { ino, size } = fstatSync(fd);
    this.#inode = ino;
    this.#endsTorn = endsInLine(this.path, size);
    return fd;
  }
}
