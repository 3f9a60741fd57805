// Hot path: `write` once a record without a spool, `queue` once a record with one. Nothing is allocated but text.
import { join } from 'node:path';
import { DailyFile } from './daily-file.ts';
import { DEFAULT_LOGGERS } from '../../spool/logger-names.ts';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { deleteOldFiles } from './retention.ts';
import type { FileMark, FileMarks } from '../../spool/record-line.ts';
import { createLocalDay } from '../../time/timestamps.ts';
import type { WriteFailure } from '../../files/write-all.ts';

/** Text that waits in memory while the files cannot be written. */
const MAX_BACKLOG_CHARS = 4_194_304;
const RETRY_MS = 1000;
const MAX_OPEN = 32;

interface Target {
  readonly day: string;
  readonly file: DailyFile;
  /** Bytes of a line that was cut off; they come first. */
  rest: Buffer | undefined;
  text: string;
  records: number;
}

export interface DailyFilesOptions {
  /** Absolute. */
  readonly dir: string;
  /** 0 keeps all. */
  readonly retentionDays: number;
  readonly ownLog: OwnLog;
  /** Whether what does not fit into the backlog can be had from the spool later. */
  readonly spool: boolean;
}

/**
 * The daily files of all loggers, `<dir>/<application>_<YYYYMMDD>.log` by the local day of each record. Never
 * throws: while a file cannot be written its text waits, bounded; what is dropped beyond that is counted, unless
 * the spool has it. Said once, recovery as well.
 */
export class DailyFiles {
  readonly #options: DailyFilesOptions;
  readonly #outage: Outage;
  readonly #day = createLocalDay();
  readonly #names = new Set<string>(DEFAULT_LOGGERS);
  readonly #targets = new Map<string, Target>();
  /** Targets of an earlier day that still have text. */
  #leftover: Target[] = [];
  #queuedChars = 0;
  #failedAtMs = 0;
  #sweptDay = '';
  #overflowed = false;
  #lost = 0;

  constructor(options: DailyFilesOptions) {
    this.#options = options;
    this.#outage = new Outage(options.ownLog, 'MON_LOG_WRITE');
  }

  /** Records whose lines were dropped for good. */
  get lost(): number {
    return this.#lost;
  }

  /** Characters that wait. */
  get queuedChars(): number {
    return this.#queuedChars;
  }

  get failing(): boolean {
    return this.#outage.isOn;
  }

  /** Lines were dropped that the spool still has: they have to be completed from there. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Everything that had overflowed was completed from the spool. */
  completed(): void {
    this.#overflowed = false;
    this.#recovered();
  }

  /** Writes the text of one record now. */
  write(application: string, atMs: number, text: string, nowMs: number): void {
    if (this.#queuedChars > 0 || this.#outage.isOn) {
      this.queue(application, atMs, text);
      this.flush(nowMs);
      return;
    }
    const target = this.#targetOf(application, atMs);
    const failure = this.#append(target, text, nowMs);
    if (failure) {
      target.records++;
      this.#keep(target, failure, nowMs);
    }
  }

  /** Keeps the text of one record for the next flush. */
  queue(application: string, atMs: number, text: string): void {
    if (this.#overflowed) return;
    if (this.#queuedChars + text.length > MAX_BACKLOG_CHARS && this.#outage.isOn) {
      this.#overflow();
      return;
    }
    const target = this.#targetOf(application, atMs);
    target.text += text;
    target.records++;
    this.#queuedChars += text.length;
  }

  /**
   * Writes what is queued; whether nothing is left. While writing fails it is tried once a second, or if `force`.
   * After an overflow nothing is written until `completed`.
   */
  flush(nowMs: number, force = false): boolean {
    if (this.#overflowed) return false;
    if (this.#outage.isOn && !force && Math.abs(nowMs - this.#failedAtMs) < RETRY_MS) return false;
    let failed = false;
    for (const target of this.#leftover) failed = !this.#flushOne(target, nowMs) || failed;
    for (const target of this.#targets.values()) failed = !this.#flushOne(target, nowMs) || failed;
    this.#leftover = this.#leftover.filter((target) => {
      if (target.rest !== undefined || target.text !== '') return true;
      target.file.close();
      return false;
    });
    if (failed) return false;
    this.#queuedChars = 0;
    this.#recovered();
    return true;
  }

  /** Inode and size of the files that are open, by name. */
  marks(): FileMarks {
    const marks: Record<string, FileMark> = {};
    for (const [application, target] of this.#targets) {
      const mark = target.file.mark();
      if (mark) marks[`${application}_${target.day}.log`] = mark;
    }
    return marks;
  }

  close(): void {
    for (const target of [...this.#leftover, ...this.#targets.values()]) {
      if (!this.#options.spool) this.#lost += target.records;
      target.file.close();
    }
    this.#leftover = [];
    this.#targets.clear();
    this.#queuedChars = 0;
  }

  #recovered(): void {
    this.#outage.recovered(() => `writing daily files works again; lines lost: ${this.#lost}`);
  }

  #targetOf(application: string, atMs: number): Target {
    const day = this.#day(atMs);
    const known = this.#targets.get(application);
    if (known?.day === day) return known;
    if (known) this.#retire(known);
    const path = join(this.#options.dir, `${application}_${day}.log`);
    const target = { day, file: new DailyFile(path), rest: undefined, text: '', records: 0 };
    this.#targets.set(application, target);
    this.#names.add(application);
    this.#sweep(day, atMs);
    return target;
  }

  #retire(target: Target): void {
    if (target.text === '' && target.rest === undefined) target.file.close();
    else this.#leftover.push(target);
  }

  #flushOne(target: Target, nowMs: number): boolean {
    if (target.rest === undefined && target.text === '') return true;
    const { rest, text } = target;
    target.text = '';
    target.rest = undefined;
    const data = rest === undefined ? text : Buffer.concat([rest, Buffer.from(text)]);
    const failure = this.#append(target, data, nowMs, rest !== undefined);
    if (failure) {
      this.#keep(target, failure, nowMs);
      return false;
    }
    target.records = 0;
    return true;
  }

  #append(target: Target, data: string | Buffer, nowMs: number, continues = false): WriteFailure | undefined {
    if (!target.file.isOpen) this.#boundOpenFiles();
    return target.file.append(data, nowMs, continues);
  }

  #keep(target: Target, failure: WriteFailure, nowMs: number): void {
    target.rest = failure.rest;
    this.#queuedChars = Math.max(this.#queuedChars, failure.rest.length);
    this.#failedAtMs = nowMs;
    const next = this.#options.spool
      ? 'the records stay in the spool'
      : 'up to 4 MiB of lines wait in memory; further lines are dropped and counted';
    this.#outage.failed(() => ({ path: target.file.path, got: failure.error.message, next }));
  }

  #overflow(): void {
    if (!this.#options.spool) {
      this.#lost++;
      return;
    }
    this.#overflowed = true;
    this.#queuedChars = 0;
    this.#leftover = [];
    for (const target of this.#targets.values()) {
      target.text = '';
      target.rest = undefined;
      target.records = 0;
    }
  }

  #sweep(day: string, atMs: number): void {
    if (this.#options.retentionDays === 0 || day <= this.#sweptDay) return;
    this.#sweptDay = day;
    const { dir, retentionDays, ownLog } = this.#options;
    deleteOldFiles(join(dir, 'monitoring'), new Set(['monitoring']), retentionDays, atMs);
    const deleted = deleteOldFiles(dir, this.#names, retentionDays, atMs);
    for (const path of deleted) ownLog.info(`deleted ${path}: older than ${retentionDays} days`);
  }

  #boundOpenFiles(): void {
    let open = 0;
    for (const target of this.#targets.values()) if (target.file.isOpen) open++;
    if (open < MAX_OPEN) return;
    for (const target of this.#targets.values()) {
      if (!target.file.isOpen) continue;
      target.file.close();
      return;
    }
  }
}
