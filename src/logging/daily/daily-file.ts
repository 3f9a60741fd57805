// Hot path without a spool: one write a record. With one: one write and one fstat a batch.
import { dirname } from 'node:path';
import { closeQuietly, type Disk, openFile, realDisk } from '../../files/disk.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { readFrom } from '../../files/read-from.ts';
import { writeAll, type WriteFailure } from '../../files/write-all.ts';
import type { FileMark } from '../../spool/record-line.ts';

const CHECK_MS = 1000;
const LINE_FEED = 10;

/** Whether a file of this size ends inside a line; one that may only be written counts as whole. */
function endsInLine(disk: Disk, path: string, size: number): boolean {
  if (size === 0) return false;
  try {
    return (readFrom(disk, path, size - 1, 1)[0] ?? LINE_FEED) !== LINE_FEED;
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
  readonly #disk: Disk;
  #fd: number | undefined;
  #inode = 0;
  #checkedAtMs = 0;
  #lastMark: FileMark | undefined;
  #firstMark: FileMark | undefined;
  #endsTorn = false;

  constructor(path: string, disk: Disk = realDisk) {
    this.path = path;
    this.#disk = disk;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** Inode and size before the first write of this process. */
  get firstMark(): FileMark | undefined {
    return this.#firstMark;
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
    if (this.#endsTorn && !continues && data.length > 0) {
      const ended = writeAll(this.#disk, fd, '\n');
      if (typeof ended !== 'number') {
        this.close();
        return { error: ended.error, rest: Buffer.from(data) };
      }
    }
    const written = writeAll(this.#disk, fd, data);
    this.#endsTorn &&= data.length === 0;
    if (typeof written === 'number') return undefined;
    this.close();
    return written;
  }

  /** Inode and size now or when it was last closed, for a mark in the spool; undefined before the first write. */
  mark(): FileMark | undefined {
    if (this.#fd === undefined) return this.#lastMark;
    try {
      const { ino, size } = this.#disk.fstat(this.#fd);
      return [ino, size];
    } catch {
      return this.#lastMark;
    }
  }

  close(): void {
    if (this.#fd === undefined) return;
    this.#lastMark = this.mark();
    closeQuietly(this.#disk, this.#fd);
    this.#fd = undefined;
  }

  #descriptor(nowMs: number): number {
    const sinceCheckMs = nowMs - this.#checkedAtMs;
    if (this.#fd !== undefined && sinceCheckMs >= 0 && sinceCheckMs < CHECK_MS) return this.#fd;
    if (this.#fd !== undefined && this.#disk.stat(this.path)?.ino !== this.#inode) this.close();
    this.#fd ??= this.#open();
    this.#checkedAtMs = nowMs;
    return this.#fd;
  }

  #open(): number {
    let fd: number;
    try {
      fd = openFile(this.#disk, this.path, 'append');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      makeFolder(this.#disk, dirname(this.path));
      fd = openFile(this.#disk, this.path, 'append');
    }
    try {
      const { ino, size } = this.#disk.fstat(fd);
      this.#inode = ino;
      this.#firstMark ??= [ino, size];
      this.#endsTorn = endsInLine(this.#disk, this.path, size);
      return fd;
    } catch (error) {
      closeQuietly(this.#disk, fd);
      throw error;
    }
  }
}
