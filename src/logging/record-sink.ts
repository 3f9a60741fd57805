// Hot path: `write` once a record. With a spool one write; the lines of the daily files follow in batches.
import { listSegments } from '../spool/segments.ts';
import { completeLines, readSegment } from './recovery/complete-segment.ts';
import type { DailyFiles } from './daily/daily-files.ts';
import type { Formatter } from './record/formatters.ts';
import { Outage } from '../own-log/outage.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import type { LogEntry } from '../spool/record.ts';
import { appendMark } from './recovery/recover-spool.ts';
import { encodeEntry } from '../spool/record-line.ts';
import type { SpoolWriter } from '../spool/writer.ts';

/** How long the lines of a batch wait for others; the spool has their records meanwhile. */
const BATCH_MS = 50;
const BATCH_CHARS = 16_384;
const RETRY_MS = 1000;

export interface RecordSinkOptions {
  /** Absolute. */
  readonly logDir: string;
  readonly spoolDir: string;
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
  /** There is something in the spool that `onSpooled` was not called for. */
  #untold = false;
  /** Lines are written at once: after a flush, until the event loop turns. */
  #direct = false;
  /** Closed segments of this process whose records do not all have their lines. */
  #incomplete: string[] = [];
  #notSpooled = 0;
  #caughtUpAtMs = 0;

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
    return this.#incomplete.includes(base);
  }

  /** Records that are in the daily files only. */
  get notSpooled(): number {
    return this.#notSpooled;
  }

  write(entry: LogEntry, nowMs: number): void {
    const { daily, format } = this.#options;
    if (this.#spool === undefined) {
      daily.write(entry.application, entry.atMs, format(entry), nowMs);
      if (daily.failing) this.#schedule(RETRY_MS);
      return;
    }
    const error = this.#spool.append(encodeEntry(entry), nowMs);
    daily.queue(entry.application, entry.atMs, format(entry));
    this.#unmarked++;
    this.#untold ||= error === undefined;
    if (error) this.#spoolFailed(error);
    else if (this.#outage.isOn) this.#spoolRecovered();
    if (error || this.#direct || daily.queuedChars > BATCH_CHARS) this.flush();
    else this.#schedule(daily.failing ? RETRY_MS : BATCH_MS);
  }

  /** Writes the lines that wait; whether none is left. */
  flush(force = false): boolean {
    const { daily, now, onSpooled } = this.#options;
    const nowMs = now();
    const wasFailing = daily.failing || daily.overflowed;
    let done = daily.flush(nowMs, force);
    if (daily.overflowed) done = this.#catchUp(nowMs);
    if (!done) {
      this.#schedule(RETRY_MS);
    } else if (this.#unmarked > 0) {
      this.#unmarked = 0;
      this.#spool?.mark(daily.marks(), nowMs);
    }
    if (done && wasFailing) this.#completeSoon();
    if (this.#untold) onSpooled();
    this.#untold = false;
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

  /** Before the writer closes a segment for the next. */
  beforeClose(): boolean {
    const base = this.#spool?.base ?? '';
    const done = this.flush();
    if (!done) this.#incomplete.push(base);
    return done;
  }

  close(): void {
    const done = this.flush(true);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spool?.close(done);
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

  #spoolFailed(error: NodeJS.ErrnoException): void {
    this.#notSpooled++;
    this.#outage.failed(() => ({ path: this.#options.spoolDir, got: error.message }));
  }

  #spoolRecovered(): void {
    this.#outage.recovered(
      () => `writing to the spool works again; records not sent to the collector: ${this.#notSpooled}`,
    );
  }

  /**
   * Memory had no room for all lines while the daily files could not be written: they come from the spool, one
   * segment a second.
   */
  #catchUp(nowMs: number): boolean {
    if (nowMs - this.#caughtUpAtMs < RETRY_MS && nowMs >= this.#caughtUpAtMs) return false;
    this.#caughtUpAtMs = nowMs;
    const { daily, logDir, spoolDir } = this.#options;
    try {
      if (!this.#completeOne(nowMs)) return false;
      const open = listSegments(spoolDir).find(({ base }) => base === this.#spool?.base);
      if (open) this.#spool?.mark(completeLines(logDir, readSegment(open.path), nowMs), nowMs);
      daily.completed();
      return true;
    } catch {
      return false; // Still not writable, which was said.
    }
  }

  /** Completes the oldest closed segment that needs it; whether none is left. */
  #completeOne(nowMs: number): boolean {
    const { logDir, spoolDir } = this.#options;
    const [base] = this.#incomplete;
    const segment = listSegments(spoolDir).find((found) => found.base === base);
    if (segment) {
      const state = readSegment(segment.path);
      appendMark(segment.path, state, completeLines(logDir, state, nowMs));
    }
    this.#incomplete.shift();
    return this.#incomplete.length === 0;
  }

  #completeSoon(): void {
    if (this.#incomplete.length === 0) return;
    setTimeout(() => {
      try {
        if (!this.#completeOne(this.#options.now())) this.#completeSoon();
      } catch {
        this.#completeSoon();
      }
    }, RETRY_MS).unref();
  }
}
