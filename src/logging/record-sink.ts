// Hot path: `write` once a record. With a spool one write; the lines of the daily files follow in batches.
import { Outage } from '../own-log/outage.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import type { LogEntry } from '../spool/record.ts';
import { encodeEntry } from '../spool/record-line.ts';
import type { SpoolFolder } from '../spool/spool-folder.ts';
import type { SpoolWriter } from '../spool/writer.ts';
import { type Backoff, backoffMs } from '../time/backoff.ts';
import type { DailyFiles } from './daily/daily-files.ts';
import type { Formatter } from './record/formatters.ts';
import { completeLines, readSegment } from './recovery/complete-segment.ts';
import { appendMark } from './recovery/recover-spool.ts';

/** How long the lines of a batch wait for others; the spool has their records meanwhile. */
const BATCH_MS = 50;
const BATCH_CHARS = 16_384;
const RETRY_MS = 1000;
const COMPLETE: Backoff = { firstMs: 1000, maxMs: 30_000 };

export interface RecordSinkOptions {
  /** Absolute. */
  readonly logDir: string;
  readonly folder: SpoolFolder;
  readonly daily: DailyFiles;
  readonly format: Formatter;
  readonly ownLog: OwnLog;
  readonly now: () => number;
  /** Called after a batch was written to the spool. */
  readonly onSpooled: () => void;
}

/** Puts records on disk: into the spool, if there is one, before `write` returns, and into the daily files. */
export class RecordSink {
  readonly #options: RecordSinkOptions;
  readonly #outage: Outage;
  #spool: SpoolWriter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unmarked = 0;
  #batchChars = 0;
  /** There is something in the spool that `onSpooled` was not called for. */
  #isSpooledPending = false;
  /** Lines are written at once: after a flush, until the event loop turns. */
  #direct = false;
  /** Closed segments of this process, oldest first, with the applications whose lines are missing; undefined: any. */
  readonly #incomplete = new Map<string, readonly string[] | undefined>();
  #notSpooled = 0;
  #completedAtMs = 0;
  #completeFailures = 0;

  constructor(options: RecordSinkOptions) {
    this.#options = options;
    this.#outage = new Outage(options.ownLog, 'MON_SPOOL_WRITE');
  }

  /** The writer calls back into this sink, so it comes after it. */
  attachSpool(spool: SpoolWriter): void {
    this.#spool = spool;
  }

  /** Whether a segment of this process is closed but for lines that cannot be written to the daily files. */
  isIncomplete(base: string): boolean {
    return this.#incomplete.has(base);
  }

  /** Records that the spool could not take. */
  get notSpooled(): number {
    return this.#notSpooled;
  }

  write(entry: LogEntry, nowMs: number): void {
    const { daily, format } = this.#options;
    const text = format(entry);
    if (this.#spool === undefined) {
      daily.write(entry.application, entry.atMs, text, nowMs);
      if (daily.isFailing) this.#schedule(RETRY_MS);
      return;
    }
    const error = this.#spool.append(encodeEntry(entry), nowMs);
    daily.queue(entry.application, entry.atMs, text, error !== undefined);
    this.#unmarked++;
    this.#batchChars += text.length;
    if (error) {
      this.#notSpooled++;
      this.#outage.failed(() => ({ path: this.#options.folder.dir, got: error.message }));
    } else {
      this.#isSpooledPending = true;
      if (this.#outage.isOn) this.#spoolRecovered();
    }
    // What no spool has is not to wait in memory.
    if (error || this.#direct || this.#batchChars > BATCH_CHARS) this.flush();
    else this.#schedule(BATCH_MS);
  }

  /** Writes the lines that wait; whether none is left. */
  flush(force = false): boolean {
    const { daily, now, onSpooled } = this.#options;
    const nowMs = now();
    this.#batchChars = 0;
    let done = daily.flush(nowMs, force);
    if (this.#unmarked > 0 && !this.#outage.isOn) {
      this.#unmarked = 0;
      this.#spool?.mark(daily.marks(), daily.incomplete, nowMs);
    }
    if (daily.isBehind || this.#incomplete.size > 0) done = this.#complete(nowMs, force) && done;
    if (!done) this.#schedule(RETRY_MS);
    if (this.#isSpooledPending) onSpooled();
    this.#isSpooledPending = false;
    return done;
  }

  /** As `flush`; until the event loop turns again, which at the end of a process it does not, lines are written at once. */
  flushAtEnd(): void {
    this.flush(true);
    if (this.#direct) return;
    this.#direct = true;
    setImmediate(() => {
      this.#direct = false;
    }).unref();
  }

  /** Before the writer closes a segment for the next: for whom not all lines are written. */
  beforeClose(): readonly string[] {
    const base = this.#spool?.base ?? '';
    this.flush();
    const { incomplete } = this.#options.daily;
    if (incomplete.length > 0) this.#incomplete.set(base, incomplete);
    return incomplete;
  }

  /** The writer could not write the last mark of a segment. */
  onUnmarked(base: string): void {
    this.#incomplete.set(base, undefined);
  }

  close(): void {
    this.flush(true);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spool?.close(this.#options.daily.incomplete);
    this.#options.daily.close();
  }

  #schedule(delayMs: number): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, delayMs);
    this.#timer.unref();
  }

  #spoolRecovered(): void {
    this.#outage.recovered(
      () => `writing to the spool works again; records not sent to the collector: ${this.#notSpooled}`,
    );
  }

  /**
   * Lines that had no room in memory, or waited there when their segment was closed, are written from the spool: one
   * segment at a time, with pauses while that fails. Whether none is left.
   */
  #complete(nowMs: number, force: boolean): boolean {
    const sinceMs = nowMs - this.#completedAtMs;
    if (!force && sinceMs >= 0 && sinceMs < backoffMs(this.#completeFailures, COMPLETE)) return false;
    this.#completedAtMs = nowMs;
    try {
      const error = this.#completeNext(nowMs);
      this.#completeFailures = error ? this.#completeFailures + 1 : 0;
    } catch {
      this.#completeFailures++; // The segment cannot be read or marked now.
    }
    return !this.#options.daily.isBehind && this.#incomplete.size === 0;
  }

  #completeNext(nowMs: number): Error | undefined {
    const { daily, logDir, folder } = this.#options;
    // Lines that wait in memory would be written twice.
    const leftOut = new Set([...daily.waiting, ...daily.behind.filter((name) => !daily.canWrite(name))]);
    const next = this.#nextIncomplete(leftOut);
    if (next !== undefined) return this.#completeClosed(next, leftOut, nowMs);
    const ready = daily.behind.filter((name) => !leftOut.has(name));
    if (ready.length === 0) return leftOut.size > 0 ? new Error('nothing can be written') : undefined;
    const open = folder.list().find(({ base }) => base === this.#spool?.base);
    if (!open) {
      daily.completed(ready);
      return undefined;
    }
    const state = readSegment(folder.disk, open.path);
    const { files, without, error } = completeLines(folder.disk, logDir, state, nowMs, leftOut);
    this.#spool?.mark(files, without, nowMs);
    daily.completed(ready.filter((name) => !without.includes(name)));
    return error;
  }

  #nextIncomplete(leftOut: ReadonlySet<string>): string | undefined {
    for (const [base, names] of this.#incomplete) {
      if (names === undefined || names.some((name) => !leftOut.has(name))) return base;
    }
    return undefined;
  }

  #completeClosed(base: string, leftOut: ReadonlySet<string>, nowMs: number): Error | undefined {
    const { logDir, folder } = this.#options;
    const segment = folder.list().find((found) => found.base === base);
    if (!segment) {
      this.#incomplete.delete(base);
      return undefined;
    }
    const state = readSegment(folder.disk, segment.path);
    const completion = completeLines(folder.disk, logDir, state, nowMs, leftOut);
    appendMark(folder.disk, segment.path, state, completion);
    if (completion.without.length === 0) this.#incomplete.delete(base);
    else this.#incomplete.set(base, completion.without);
    return completion.error;
  }
}
