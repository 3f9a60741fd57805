// Hot path: `write` once a record without a spool, `queue` once a record with one. Nothing is allocated but text.
import { join } from 'node:path';
import { closeQuietly, type Disk, openFile, realDisk } from '../../files/disk.ts';
import type { WriteFailure } from '../../files/write-all.ts';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { DEFAULT_LOGGERS } from '../../spool/logger-names.ts';
import type { FileMark, FileMarks } from '../../spool/record-line.ts';
import { createLocalDay } from '../../time/timestamps.ts';
import { DailyTarget } from './daily-target.ts';
import { Retention } from './retention.ts';

/** Text that waits in memory for one file that cannot be written, and for all of them. */
const MAX_CHARS_OF_ONE = 1_048_576;
const MAX_CHARS = 4_194_304;
const MAX_OPEN = 32;
/** Files that fail at the same time are logged up to here. */
const MAX_OUTAGES = 5;

export interface DailyFilesOptions {
  /** Absolute. */
  readonly dir: string;
  /** 0 keeps all. */
  readonly retentionDays: number;
  /** 0 keeps all. */
  readonly retentionBytes: number;
  readonly ownLog: OwnLog;
  /** Whether records are in a spool as well, from which lines can be completed. */
  readonly spool: boolean;
  readonly disk?: Disk;
}

/**
 * The daily files of all loggers, `<dir>/<application>_<YYYYMMDD>.log` by the local day of each record. Never
 * throws. While one cannot be written its text waits, bounded, and the others go on; what does not fit is completed
 * from the spool later (`behind`), and what no spool has is lost and counted.
 */
export class DailyFiles {
  readonly #options: DailyFilesOptions;
  readonly #disk: Disk;
  readonly #retention: Retention;
  readonly #day = createLocalDay();
  readonly #targets = new Map<string, DailyTarget>();
  /** Targets of an earlier day that still have text. */
  #leftover: DailyTarget[] = [];
  readonly #outages = new Map<string, Outage>();
  /** Applications whose missing lines are in the spool and nowhere else, with the marks of their files. */
  readonly #behind = new Map<string, Record<string, FileMark>>();
  /** Characters that wait for files that fail. */
  #waitingChars = 0;
  #lost = 0;

  constructor(options: DailyFilesOptions) {
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
    const { dir, retentionDays, retentionBytes, ownLog } = options;
    this.#retention = new Retention({
      dir,
      days: retentionDays,
      maxBytes: retentionBytes,
      ownLog,
      disk: this.#disk,
    });
    for (const name of DEFAULT_LOGGERS) this.#retention.add(name);
  }

  /** Records whose lines were dropped for good. */
  get lost(): number {
    return this.#lost;
  }

  /** Some file cannot be written. */
  get isFailing(): boolean {
    return this.#outages.size > 0;
  }

  /** Lines were dropped that the spool still has: they have to be completed from there. */
  get isBehind(): boolean {
    return this.#behind.size > 0;
  }

  /** Applications whose missing lines are in the spool and nowhere else. */
  get behind(): readonly string[] {
    return [...this.#behind.keys()];
  }

  /** Applications of which lines wait in memory. */
  get waiting(): readonly string[] {
    const targets = [...this.#leftover, ...this.#targets.values()].filter((target) => target.hasText);
    return targets.map(({ application }) => application);
  }

  /** Applications of which not all records so far have their lines. */
  get incomplete(): readonly string[] {
    return [...new Set([...this.#behind.keys(), ...this.waiting])];
  }

  /** Whether the file of an application can be opened. */
  canWrite(application: string): boolean {
    const target = this.#targets.get(application);
    if (!target) return true;
    try {
      closeQuietly(this.#disk, openFile(this.#disk, target.file.path, 'append'));
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  /** The missing lines of these applications were completed from the spool. */
  completed(applications: readonly string[]): void {
    for (const name of applications) {
      this.#targets.get(name)?.completed();
      this.#behind.delete(name);
    }
    const failing = [...this.#targets.values(), ...this.#leftover].filter((target) => target.isFailing);
    for (const path of this.#outages.keys()) {
      if (!failing.some(({ file }) => file.path === path)) this.#recovered(path);
    }
  }

  /** Writes the text of one record now. */
  write(application: string, atMs: number, text: string, nowMs: number): void {
    this.#retention.sweepSometimes(nowMs);
    const target = this.#targetOf(application, atMs);
    if (target.hasText || target.isFailing) {
      this.queue(application, atMs, text, true);
      this.#flushOne(target, nowMs, false);
      return;
    }
    if (!target.file.isOpen) this.#boundOpenFiles();
    const failure = target.write(text, nowMs);
    if (!failure) return;
    this.#waitingChars += target.chars;
    this.#failed(target, failure);
  }

  /** Keeps the text of one record for the next flush. `onlyHere`: no spool has it. */
  queue(application: string, atMs: number, text: string, onlyHere: boolean): void {
    if (this.#behind.size > 0 && this.#behind.has(application)) {
      if (onlyHere) this.#lost++;
      return;
    }
    const target = this.#targetOf(application, atMs);
    if (target.isFailing && this.#isFull(target, text)) {
      this.#overflow(target, onlyHere);
      return;
    }
    target.queue(text, onlyHere);
    if (target.isFailing) this.#waitingChars += text.length;
  }

  /** Writes what is queued, each file by itself; whether nothing is left. With `force` no pause is kept. */
  flush(nowMs: number, force = false): boolean {
    let done = true;
    this.#retention.sweepSometimes(nowMs);
    if (this.#leftover.length > 0) {
      for (const target of this.#leftover) this.#flushOne(target, nowMs, force);
      this.#leftover = this.#leftover.filter((target) => {
        if (target.hasText) return true;
        target.file.close();
        return false;
      });
      done = this.#leftover.length === 0;
    }
    for (const target of this.#targets.values()) done = this.#flushOne(target, nowMs, force) && done;
    return done && this.#behind.size === 0;
  }

  /** Inode and size of the files, by name: up to there no line is missing. */
  marks(): FileMarks {
    const marks: Record<string, FileMark> = {};
    for (const known of this.#behind.values()) Object.assign(marks, known);
    for (const target of this.#targets.values()) {
      if (!this.#behind.has(target.application)) addMark(marks, target);
    }
    for (const target of this.#leftover) addMark(marks, target);
    return marks;
  }

  /** What still waits and no spool has is lost. */
  close(): void {
    for (const target of [...this.#leftover, ...this.#targets.values()]) {
      this.#lost += target.drop();
      target.file.close();
    }
    this.#leftover = [];
    this.#targets.clear();
    this.#outages.clear();
    this.#waitingChars = 0;
  }

  #isFull(target: DailyTarget, text: string): boolean {
    const { length } = text;
    return target.chars + length > MAX_CHARS_OF_ONE || this.#waitingChars + length > MAX_CHARS;
  }

  /** With a spool all of the text can go but what is only here; without one the text that waits is kept, and the new one goes. */
  #overflow(target: DailyTarget, onlyHere: boolean): void {
    if (onlyHere) this.#lost++;
    if (!this.#options.spool) return;
    const marks: Record<string, FileMark> = {};
    for (const one of [...this.#leftover, target]) {
      if (one.application !== target.application) continue;
      addMark(marks, one);
      if (one.isFailing) this.#waitingChars -= one.chars;
      this.#lost += one.drop();
    }
    this.#leftover = this.#leftover.filter((one) => one.hasText);
    this.#behind.set(target.application, marks);
  }

  #targetOf(application: string, atMs: number): DailyTarget {
    const day = this.#day(atMs);
    const known = this.#targets.get(application);
    if (known?.day === day) return known;
    if (known) this.#retire(known);
    const path = join(this.#options.dir, `${application}_${day}.log`);
    const target = new DailyTarget(application, day, path, this.#disk);
    this.#targets.set(application, target);
    this.#retention.add(application);
    return target;
  }

  #retire(target: DailyTarget): void {
    if (target.hasText) this.#leftover.push(target);
    else target.file.close();
  }

  #flushOne(target: DailyTarget, nowMs: number, force: boolean): boolean {
    if (!target.hasText) return true;
    if (!force && target.isPause(nowMs)) return false;
    if (!target.file.isOpen) this.#boundOpenFiles();
    const wasWaiting = target.isFailing ? target.chars : 0;
    const failure = target.flush(nowMs);
    this.#waitingChars += (failure ? target.chars : 0) - wasWaiting;
    if (failure) this.#failed(target, failure);
    else if (this.#outages.size > 0) this.#recovered(target.file.path);
    return failure === undefined;
  }

  #failed(target: DailyTarget, { error }: WriteFailure): void {
    const { path } = target.file;
    const outage = this.#outages.get(path) ?? new Outage(this.#options.ownLog, 'MON_LOG_WRITE');
    const isLogged = this.#outages.size < MAX_OUTAGES || this.#outages.has(path);
    this.#outages.set(path, outage);
    const next = this.#options.spool
      ? 'the records stay in the spool, and their lines follow from there'
      : 'up to 1 MiB of its lines wait in memory; further lines are dropped and counted';
    if (isLogged) outage.failed(() => ({ path, got: error.message, next }));
  }

  #recovered(path: string): void {
    const outage = this.#outages.get(path);
    if (!outage) return;
    this.#outages.delete(path);
    outage.recovered(() => `writing ${path} works again; lines lost so far: ${this.#lost}`);
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

function addMark(marks: Record<string, FileMark>, { application, day, mark }: DailyTarget): void {
  if (mark) marks[`${application}_${day}.log`] = mark;
}
