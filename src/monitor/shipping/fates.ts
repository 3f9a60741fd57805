import { join } from 'node:path';
import type { OwnLog } from '../../own-log/own-log.ts';
import { isRecordLine } from '../../spool/record-line.ts';
import { segmentLines } from '../../spool/segment-lines.ts';
import type { SegmentName } from '../../spool/segments.ts';
import type { SpoolFolder } from '../../spool/spool-folder.ts';
import { keepRefused, refusedDir } from './refused.ts';
import type { Batch, ShippedSegment } from './ship-segment.ts';

/** Records that neither the collector nor the spool has any more, by reason. */
export interface ShippingLosses {
  /** Lines of a segment that cannot be read. */
  readonly damaged: number;
  /** Rejected records that could not be kept on disk. */
  readonly refused: number;
}

/** Counts the records of a spool by fate, and keeps records that cannot be sent. */
export class RecordFates {
  readonly #folder: SpoolFolder;
  readonly #url: string;
  readonly #ownLog: OwnLog;
  #shipped = 0;
  #refused = 0;
  #damaged = 0;
  #notKept = 0;

  constructor(folder: SpoolFolder, url: string, ownLog: OwnLog) {
    this.#folder = folder;
    this.#url = url;
    this.#ownLog = ownLog;
  }

  /** Records that the collector took. */
  get shipped(): number {
    return this.#shipped;
  }

  /** Records that it refused for good. */
  get refused(): number {
    return this.#refused;
  }

  get lost(): ShippingLosses {
    return { damaged: this.#damaged, refused: this.#notKept };
  }

  /** The collector took the batch but for `rejected` of its records, or refused it as a whole. */
  answered(segment: ShippedSegment, batch: Batch, rejected: number, reason: string): void {
    this.#shipped += Math.max(0, batch.entries.length - rejected);
    if (rejected === 0) return;
    this.#refused += rejected;
    const why = { reason, rejected, resource: segment.header.resource };
    const got = reason === '' ? 'no reason given' : reason;
    try {
      const kept = keepRefused(this.#folder, why, batch.lines, Date.now());
      this.#ownLog.problem('MON_LOGS_REFUSED', { where: this.#url, got, kept });
    } catch (error) {
      // To send them again would have them refused again, and those that were taken stored twice.
      this.#notKept += rejected;
      const path = refusedDir(this.#folder.dir);
      const params = { where: this.#url, got, path, why: (error as Error).message };
      this.#ownLog.problem('MON_LOGS_REFUSED_LOST', params);
    }
  }

  /** Lines of a batch that are no records; counted once, however often the batch is sent. */
  damaged(segment: ShippedSegment, { damaged, end }: Batch): void {
    if (damaged === 0 || segment.countedTo >= end.bytes) return;
    segment.countedTo = end.bytes;
    this.#damaged += damaged;
    this.#ownLog.problem('MON_SPOOL_LINES', { where: segment.name.base, got: damaged });
  }

  /** A segment without a header of ours: nothing of it can be sent, and nothing of it is thrown away. Throws the system's error. */
  setAside({ base, path }: SegmentName): void {
    const { disk, dir } = this.#folder;
    let records = 0;
    for (const { text } of segmentLines(disk, path)) {
      if (text === undefined || isRecordLine(text)) records++;
    }
    const kept = join(dir, `${base}.damaged`);
    disk.rename(path, kept);
    this.#damaged += records;
    this.#ownLog.problem('MON_SPOOL_DAMAGED', { where: base, got: 'the first line is not a header', kept });
  }
}
