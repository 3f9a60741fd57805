import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import {
  careForSegment,
  createSpoolRecovery,
  type SpoolRecovery,
} from '../../logging/recovery/recover-spool.ts';
import type { Acknowledged, SegmentName } from '../../spool/segments.ts';
import { SpoolFolder } from '../../spool/spool-folder.ts';
import { type Disk, realDisk } from '../../files/disk.ts';
import { BatchSize } from './batch-size.ts';
import type { Backoff } from '../../time/backoff.ts';
import { withDeadline } from '../../time/deadline.ts';
import { DEFAULT_PAUSES, pauseMs } from './pauses.ts';
import { RecordFates, type ShippingLosses } from './fates.ts';
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
  readonly disk?: Disk;
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
  /** Records that it refused for good. */
  readonly refused: number;
  /** Records that neither the collector nor the spool has any more, by reason. */
  readonly lost: ShippingLosses;
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

/** Acknowledgements of segments that are gone without having been shipped to their end: they may come back. */
const MAX_GONE = 1000;
/** No pause is longer, whatever the clock does. */
const MAX_DELAY_MS = 600_000;

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
  readonly #fates: RecordFates;
  readonly #recovery: SpoolRecovery;
  readonly #size: BatchSize;
  readonly #folder: SpoolFolder;
  readonly #open = new Map<string, ShippedSegment>();
  readonly #gone = new Map<string, Acknowledged>();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = 0;
  #running: Promise<Outcome> | undefined;
  #stopped = false;
  #failuresInARow = 0;
  #lastSendFailed = false;
  #notBeforeMs = 0;
  #failures = 0;
  #oldestPendingMs: number | undefined;

  constructor(options: SpoolShipperOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#folder = new SpoolFolder(options.dir, options.disk ?? realDisk);
    this.#fates = new RecordFates(this.#folder, options.url, options.ownLog);
    this.#size = new BatchSize(options.batchRecords ?? BATCH_RECORDS);
    this.#outage = new Outage(options.ownLog, 'MON_LOGS_UNREACHABLE');
    this.#recovery = createSpoolRecovery(this.#folder, options.logDir, options.ownLog, this.#now);
    this.#sender = createLogSender({
      url: options.url,
      headers: options.headers,
      timeoutMs: options.timeoutMs,
      onTrouble: () => this.#setFailed(true),
    });
    this.#folder.sweep(this.#now());
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
    this.#folder.dropClaims();
  }

  stats(): SpoolShipperStats {
    let pendingBytes = 0;
    const segments = this.#folder.list();
    for (const name of segments) {
      pendingBytes += this.#open.get(name.base)?.pendingBytes ?? pendingBytesOf(this.#folder, name);
    }
    return {
      pendingBytes,
      segments: segments.length,
      shipped: this.#fates.shipped,
      refused: this.#fates.refused,
      lost: this.#fates.lost,
      failures: this.#failures,
      oldestPendingMs: this.#oldestPendingMs,
      lastSendFailed: this.#lastSendFailed,
    };
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    const nowMs = this.#now();
    // After the clock was set back the end of a pause would be far away.
    const pauseLeftMs = Math.min(this.#notBeforeMs - nowMs, MAX_DELAY_MS);
    const waitMs = Math.max(delayMs, pauseLeftMs, 0);
    const atMs = nowMs + waitMs;
    if (this.#timer !== undefined && atMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // A pass under way may have passed the records of this kick already.
      const again = this.#running !== undefined;
      void this.#run().then(() => this.#schedule(again ? 0 : (this.#options.pollMs ?? POLL_MS)));
    }, waitMs);
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
    const names = this.#folder.list();
    const present = new Set(names.map(({ base }) => base));
    for (const [base, { acknowledged }] of this.#open) {
      if (present.has(base)) continue;
      this.#open.delete(base);
      if (this.#gone.size < MAX_GONE) this.#gone.set(base, acknowledged);
    }
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
    const known = this.#open.get(name.base);
    if (known?.name.path === name.path) return known;
    const claimed = this.#folder.claim(name, this.#now());
    this.#open.delete(name.base);
    if (!claimed) return undefined;
    const segment = ShippedSegment.open(
      this.#folder,
      claimed,
      known?.acknowledged ?? this.#gone.get(name.base),
    );
    this.#gone.delete(name.base);
    if (!segment) {
      if (!this.#folder.isRecent(claimed.path, this.#now())) this.#fates.setAside(claimed);
      return undefined;
    }
    this.#open.set(name.base, segment);
    if (segment.isFromStart) this.#options.ownLog.problem('MON_SPOOL_ACK', { where: name.base });
    return segment;
  }

  /** Whether everything that can be read of the segment was taken. */
  async #ship(segment: ShippedSegment): Promise<boolean> {
    for (;;) {
      const batch = segment.next(this.#size.current);
      if (!batch) {
        this.#settle(segment);
        return true;
      }
      this.#fates.damaged(segment, batch);
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
        this.#fates.answered(segment, batch, batch.entries.length, result.reason);
        break;
      case 'accepted':
        this.#answered();
        this.#size.accepted();
        this.#fates.answered(segment, batch, result.rejected, result.reason);
        break;
    }
    segment.acknowledge(batch.end);
    return true;
  }

  /** Deletes a segment that is shipped, once nobody writes it and its daily lines are complete. */
  #settle(segment: ShippedSegment): void {
    const { logDir } = this.#options;
    if (!segment.isClosed) {
      const nowMs = this.#now();
      if (!this.#folder.hasEnded(segment.name.path, segment.header, nowMs)) return;
      // What was written before the end, after it was read: the next pass ships it.
      if (segment.next(1) !== undefined) return this.#schedule(0);
      if (careForSegment(this.#folder, logDir, segment.name.path, nowMs).kind === 'open') return;
    }
    this.#folder.delete(segment.name);
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

  /** Reported each time: meanwhile a push of metrics may have failed to reach the same collector. */
  #setFailed(failed: boolean): void {
    this.#lastSendFailed = failed;
    this.#options.onReachable?.(!failed);
  }
}
