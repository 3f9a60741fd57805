import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import {
  careForSegment,
  createSpoolRecovery,
  type SpoolRecovery,
} from '../../logging/recovery/recover-spool.ts';
import {
  claimSegment,
  deleteSegment,
  dropClaims,
  hasEnded,
  isRecent,
  listSegments,
  type SegmentName,
  sweepSpool,
} from '../../spool/segments.ts';
import { BatchSize } from './batch-size.ts';
import type { Backoff } from '../../time/backoff.ts';
import { withDeadline } from '../../time/deadline.ts';
import { DEFAULT_PAUSES, pauseMs } from './pauses.ts';
import { keepRefused } from './refused.ts';
import { type Batch, pendingBytesOf, ShippedSegment } from './ship-segment.ts';
import { createLogSender, type LogSender } from './sender.ts';

export interface SpoolShipperOptions {
  /** Folder of the segments (`spoolDirOf`). */
  readonly dir: string;
  /** Folder of the daily files, absolute. */
  readonly logDir: string;
  /** Full address of the collector. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly ownLog: OwnLog;
  readonly now?: () => number;
  readonly random?: () => number;
  /** How long records gather after a `kick` before they are sent. */
  readonly gatherMs?: number;
  /** How often the folder is looked at without a `kick`. */
  readonly pollMs?: number;
  readonly pauses?: Backoff;
  /** Most records in one request. */
  readonly batchRecords?: number;
  /** Whether the collector took what was last sent to it; called when that changes. */
  readonly onReachable?: (reachable: boolean) => void;
}

export interface SpoolShipperStats {
  /** Bytes of segments that the collector has not taken. */
  readonly pendingBytes: number;
  readonly segments: number;
  /** Records taken by the collector. */
  readonly shipped: number;
  /** Records that it refused for good; they are kept aside. */
  readonly refused: number;
  /** Requests that failed and were or will be repeated. */
  readonly failures: number;
  /** Time of the oldest record that waits after a failure, Unix ms. */
  readonly oldestPendingMs: number | undefined;
  readonly lastSendFailed: boolean;
}

export interface SpoolShipper {
  /** Records were appended. */
  kick(): void;
  /** Ships everything that is on disk now; whether that succeeded within the deadline. */
  drain(deadlineMs: number): Promise<boolean>;
  /** Ends shipping after the request under way, which gets a second at most. */
  stop(): Promise<void>;
  stats(): SpoolShipperStats;
}

const GATHER_MS = 200;
const POLL_MS = 2000;
const BATCH_RECORDS = 2000;
const STOP_MS = 1000;

type Outcome = 'everything' | 'failed' | 'stopped';

/**
 * Ships the segments of a spool folder, oldest first, those of running processes too, for as long as it takes; a
 * segment is deleted when the collector has its records and the daily files their lines. One request at a time. Of
 * several shippers on one folder each takes segments of its own.
 */
export function createSpoolShipper(options: SpoolShipperOptions): SpoolShipper {
  return new Shipper(options);
}

class Shipper implements SpoolShipper {
  readonly #options: SpoolShipperOptions;
  readonly #now: () => number;
  readonly #sender: LogSender;
  readonly #outage: Outage;
  readonly #recovery: SpoolRecovery;
  readonly #size: BatchSize;
  readonly #open = new Map<string, ShippedSegment>();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #running: Promise<Outcome> | undefined;
  #stopped = false;
  #failuresInARow = 0;
  #lastSendFailed = false;
  #notBeforeMs = 0;
  #shipped = 0;
  #refused = 0;
  #failures = 0;
  #oldestPendingMs: number | undefined;

  constructor(options: SpoolShipperOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#size = new BatchSize(options.batchRecords ?? BATCH_RECORDS);
    this.#outage = new Outage(options.ownLog, 'MON_LOGS_UNREACHABLE');
    this.#recovery = createSpoolRecovery(options.dir, options.logDir, options.ownLog, this.#now);
    this.#sender = createLogSender({
      url: options.url,
      headers: options.headers,
      timeoutMs: options.timeoutMs,
      onTrouble: () => this.#setFailed(true),
    });
    sweepSpool(options.dir, this.#now());
    this.#schedule(0);
  }

  kick(): void {
    this.#schedule(this.#options.gatherMs ?? GATHER_MS);
  }

  async drain(deadlineMs: number): Promise<boolean> {
    // A pass under way may have looked at the folder before the last records were there.
    const shipping = (async () => {
      await this.#running;
      return !this.#lastSendFailed && (await this.#run()) === 'everything';
    })();
    return withDeadline(shipping, deadlineMs).catch(() => false);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await withDeadline(Promise.resolve(this.#running), STOP_MS).catch(() => undefined);
    this.#sender.close();
    dropClaims(this.#options.dir);
  }

  stats(): SpoolShipperStats {
    let pendingBytes = 0;
    const segments = listSegments(this.#options.dir);
    for (const name of segments) {
      pendingBytes += this.#open.get(name.base)?.pendingBytes ?? pendingBytesOf(this.#options.dir, name);
    }
    return {
      pendingBytes,
      segments: segments.length,
      shipped: this.#shipped,
      refused: this.#refused,
      failures: this.#failures,
      oldestPendingMs: this.#oldestPendingMs,
      lastSendFailed: this.#lastSendFailed,
    };
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    const atMs = Math.max(this.#now() + delayMs, this.#notBeforeMs);
    if (atMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      // A pass under way may have passed the records of this kick already.
      const again = this.#running !== undefined;
      void this.#run().then(() => this.#schedule(again ? 0 : (this.#options.pollMs ?? POLL_MS)));
    }, atMs - this.#now());
    this.#timer.unref();
  }

  /** One pass over the folder. Never rejects; while one is under way it is the answer. */
  #run(): Promise<Outcome> {
    this.#running ??= this.#pass()
      .catch((error: unknown): Outcome => {
        this.#failed(String(error), undefined);
        return 'failed';
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #pass(): Promise<Outcome> {
    this.#recovery.run();
    const names = listSegments(this.#options.dir);
    const present = new Set(names.map(({ base }) => base));
    for (const base of this.#open.keys()) if (!present.has(base)) this.#open.delete(base);
    for (const name of names) {
      if (this.#stopped) return 'stopped';
      if (!(await this.#shipIfPossible(name))) return 'failed';
    }
    this.#oldestPendingMs = undefined;
    return 'everything';
  }

  /** A segment that cannot be read, or went meanwhile, does not keep the others. */
  async #shipIfPossible(name: SegmentName): Promise<boolean> {
    try {
      const segment = this.#take(name);
      return segment === undefined || (await this.#ship(segment));
    } catch (error) {
      this.#open.delete(name.base);
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') {
        this.#options.ownLog.problem('MON_SPOOL_READ', { where: name.base, got: message });
      }
      return true;
    }
  }

  #take(name: SegmentName): ShippedSegment | undefined {
    const { dir } = this.#options;
    const known = this.#open.get(name.base);
    if (known?.name.path === name.path) return known;
    const claimed = claimSegment(dir, name, this.#now());
    this.#open.delete(name.base);
    if (!claimed) return undefined;
    const segment = ShippedSegment.open(dir, claimed);
    if (segment) this.#open.set(name.base, segment);
    else if (!isRecent(claimed.path, this.#now())) this.#setAside(claimed);
    return segment;
  }

  /** A segment without a header of ours: nothing of it can be sent, and nothing of it is thrown away. */
  #setAside(name: SegmentName): void {
    const kept = join(this.#options.dir, `${name.base}.damaged`);
    renameSync(name.path, kept);
    this.#options.ownLog.problem('MON_SPOOL_DAMAGED', {
      where: name.base,
      got: 'the first line is not a header',
      kept,
    });
  }

  /** Whether everything that can be read of the segment was taken. */
  async #ship(segment: ShippedSegment): Promise<boolean> {
    for (;;) {
      const batch = segment.next(this.#size.current);
      if (!batch) {
        this.#settle(segment);
        return true;
      }
      if (batch.entries.length === 0) segment.acknowledge(batch.end);
      else if (!(await this.#send(segment, batch))) return false;
      if (this.#stopped) return false;
    }
  }

  async #send(segment: ShippedSegment, batch: Batch): Promise<boolean> {
    const result = await this.#sender.send(batch.entries.map((entry) => segment.maker.make(entry)));
    switch (result.kind) {
      case 'retry':
        this.#oldestPendingMs = batch.entries[0]?.atMs;
        this.#failed(result.reason, result.afterMs);
        return false;
      case 'refused':
        this.#answered();
        if (this.#size.halve(batch.entries.length)) return true;
        this.#keepAside(segment, batch, result.reason, batch.entries.length);
        break;
      case 'accepted':
        this.#answered();
        this.#size.accepted();
        this.#shipped += batch.entries.length - result.rejected;
        if (result.rejected > 0) this.#keepAside(segment, batch, result.reason, result.rejected);
        break;
    }
    segment.acknowledge(batch.end);
    return true;
  }

  #keepAside(segment: ShippedSegment, batch: Batch, reason: string, rejected: number): void {
    this.#refused += rejected;
    const { dir, url, ownLog } = this.#options;
    const why = { reason, rejected, resource: segment.header.resource };
    const kept = keepRefused(dir, why, batch.lines, this.#now());
    ownLog.problem('MON_LOGS_REFUSED', { where: url, got: reason === '' ? 'no reason given' : reason, kept });
  }

  /** Deletes a segment that is shipped, once nobody writes it and its daily lines are complete. */
  #settle(segment: ShippedSegment): void {
    const { dir, logDir } = this.#options;
    if (!segment.isClosed) {
      const nowMs = this.#now();
      if (!hasEnded(segment.name.path, segment.header, nowMs)) return;
      // What was written before the end, after it was read: the next pass ships it.
      if (segment.next(1) !== undefined) return this.#schedule(0);
      if (careForSegment(logDir, segment.name.path, nowMs).kind === 'open') return;
    }
    deleteSegment(dir, segment.name);
    this.#open.delete(segment.name.base);
  }

  #answered(): void {
    this.#failuresInARow = 0;
    this.#notBeforeMs = 0;
    this.#setFailed(false);
    this.#outage.recovered(() => `the collector at ${this.#options.url} accepts log records again`);
  }

  #failed(reason: string, askedMs: number | undefined): void {
    const { url, pauses = DEFAULT_PAUSES, random = Math.random } = this.#options;
    this.#failures++;
    this.#failuresInARow++;
    this.#notBeforeMs = this.#now() + pauseMs(this.#failuresInARow, askedMs, pauses, random());
    this.#setFailed(true);
    this.#outage.failed(() => ({ where: url, got: reason, pause: `${Math.round(pauses.maxMs / 1000)} s` }));
  }

  #setFailed(failed: boolean): void {
    if (this.#lastSendFailed === failed) return;
    this.#lastSendFailed = failed;
    this.#options.onReachable?.(!failed);
  }
}
