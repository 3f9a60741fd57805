// Hot path: `queue` once a record with a spool. Nothing is allocated but text.
import type { Disk } from '../../files/disk.ts';
import type { WriteFailure } from '../../files/write-all.ts';
import type { FileMark } from '../../spool/record-line.ts';
import { type Backoff, backoffMs } from '../../time/backoff.ts';
import { DailyFile } from './daily-file.ts';

const RETRY: Backoff = { firstMs: 1000, maxMs: 10_000 };

/** The file of one logger and one day, with the text that waits for it. */
export class DailyTarget {
  readonly application: string;
  readonly day: string;
  readonly file: DailyFile;
  /** One text a record, in their order. */
  #texts: string[] = [];
  /** Indexes of the texts of records that no spool has. */
  #onlyHere: number[] = [];
  /** What is missing of a record whose line was cut off; it comes first. */
  #rest: Buffer | undefined;
  #isRestOnlyHere = false;
  #chars = 0;
  #cleanMark: FileMark | undefined;
  #failures = 0;
  #failedAtMs = 0;

  constructor(application: string, day: string, path: string, disk: Disk) {
    this.application = application;
    this.day = day;
    this.file = new DailyFile(path, disk);
  }

  get isFailing(): boolean {
    return this.#failures > 0;
  }

  get hasText(): boolean {
    return this.#texts.length > 0 || this.#rest !== undefined;
  }

  /** Characters that wait. */
  get chars(): number {
    return this.#chars;
  }

  /** Records that wait and that no spool has. */
  get onlyHere(): number {
    return this.#onlyHere.length + (this.#isRestOnlyHere ? 1 : 0);
  }

  /** Inode and size of the file after the last line of the records that are in it without a gap. */
  get mark(): FileMark | undefined {
    if (!this.hasText && !this.isFailing) this.#cleanMark = this.file.mark() ?? this.#cleanMark;
    return this.#cleanMark ?? this.file.firstMark;
  }

  /** Whether a file that failed is left alone for now. */
  isPause(nowMs: number): boolean {
    const sinceMs = nowMs - this.#failedAtMs;
    return this.#failures > 0 && sinceMs >= 0 && sinceMs < backoffMs(this.#failures, RETRY);
  }

  queue(text: string, onlyHere: boolean): void {
    if (onlyHere) this.#onlyHere.push(this.#texts.length);
    this.#texts.push(text);
    this.#chars += text.length;
  }

  /** Forgets everything that waits; how many records of it no spool has. */
  drop(): number {
    const lost = this.onlyHere;
    this.#texts = [];
    this.#onlyHere = [];
    this.#rest = undefined;
    this.#isRestOnlyHere = false;
    this.#chars = 0;
    return lost;
  }

  /** Writes what waits. What could not be written waits on. */
  flush(nowMs: number): WriteFailure | undefined {
    if (!this.hasText) return undefined;
    const text = this.#texts.length === 1 ? (this.#texts[0] as string) : this.#texts.join('');
    const data = this.#rest === undefined ? text : Buffer.concat([this.#rest, Buffer.from(text)]);
    const failure = this.file.append(data, nowMs, this.#rest !== undefined);
    if (failure === undefined) {
      this.drop();
      this.#failures = 0;
      return undefined;
    }
    this.#failed(failure, data, nowMs);
    return failure;
  }

  /** Writes one record now, where nothing waits before it. What could not be written waits. */
  write(text: string, nowMs: number): WriteFailure | undefined {
    const failure = this.file.append(text, nowMs);
    if (failure === undefined) return undefined;
    this.queue(text, true);
    this.#failed(failure, text, nowMs);
    return failure;
  }

  #failed({ rest }: WriteFailure, data: string | Buffer, nowMs: number): void {
    this.#failures++;
    this.#failedAtMs = nowMs;
    this.#keep(Buffer.byteLength(data) - rest.length);
  }

  /** The lines that are missing were written from the spool. */
  completed(): void {
    this.#failures = 0;
  }

  /** After a failure that wrote some bytes: whole records are done, one may be cut off. */
  #keep(written: number): void {
    let left = written;
    if (this.#rest !== undefined) {
      if (left < this.#rest.length) {
        this.#rest = this.#rest.subarray(left);
        return;
      }
      left -= this.#rest.length;
      this.#rest = undefined;
      this.#isRestOnlyHere = false;
    }
    let done = 0;
    for (; done < this.#texts.length; done++) {
      const bytes = Buffer.byteLength(this.#texts[done] as string);
      if (bytes > left) break;
      left -= bytes;
    }
    if (left > 0) {
      this.#rest = Buffer.from(this.#texts[done] as string).subarray(left);
      this.#isRestOnlyHere = this.#onlyHere.includes(done);
      done++;
    }
    this.#texts = this.#texts.slice(done);
    this.#onlyHere = this.#onlyHere.map((index) => index - done).filter((index) => index >= 0);
    this.#chars = this.#texts.reduce((sum, text) => sum + text.length, this.#rest?.length ?? 0);
  }
}
