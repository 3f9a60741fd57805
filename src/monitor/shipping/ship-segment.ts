import { statSync } from 'node:fs';
import { readFrom } from '../../files/read-from.ts';
import { type Acknowledged, appendAck, readAck, type SegmentName } from '../../spool/segments.ts';
import {
  decodeEntry,
  type DecodedEntry,
  decodeHeader,
  decodeMark,
  isMarkLine,
  isRecordLine,
  type SegmentHeader,
} from '../../spool/record-line.ts';
import { RecordMaker } from './batch.ts';

/** Records that are sent together, and where in the segment they end. */
export interface Batch {
  readonly entries: readonly DecodedEntry[];
  readonly lines: readonly string[];
  readonly end: Acknowledged;
}

const CHUNK_BYTES = 1_048_576;
/** No line is longer: a record is bounded far below. */
const MAX_LINE_BYTES = 4 * CHUNK_BYTES;
const LINE_FEED = 10;

function bytesAfter(path: string, acked: Acknowledged): number {
  return Math.max(0, (statSync(path, { throwIfNoEntry: false })?.size ?? 0) - acked.bytes);
}

/** Bytes of a segment that was not opened yet that the collector has not taken. */
export function pendingBytesOf(dir: string, { base, path }: SegmentName): number {
  return bytesAfter(path, readAck(dir, base));
}

/** One segment while it is read and shipped; its process may be writing it. */
export class ShippedSegment {
  readonly dir: string;
  readonly name: SegmentName;
  readonly header: SegmentHeader;
  readonly maker: RecordMaker;
  #acked: Acknowledged;
  #closedAt: number | undefined;

  private constructor(dir: string, name: SegmentName, header: SegmentHeader) {
    this.dir = dir;
    this.name = name;
    this.header = header;
    this.maker = new RecordMaker(header);
    this.#acked = readAck(dir, name.base);
  }

  /** Undefined while its header is not written yet, or when it is none of ours. Throws the system's error. */
  static open(dir: string, name: SegmentName): ShippedSegment | undefined {
    const bytes = readFrom(name.path, 0, CHUNK_BYTES);
    const end = bytes.indexOf(LINE_FEED);
    const header = end < 0 ? undefined : decodeHeader(bytes.toString('utf8', 0, end));
    return header && new ShippedSegment(dir, name, header);
  }

  /** Bytes that the collector has not taken yet. */
  get pendingBytes(): number {
    return bytesAfter(this.name.path, this.#acked);
  }

  /** Its process has closed it, with the lines of all its records in the daily files. */
  get isClosed(): boolean {
    return this.#closedAt === this.#acked.records;
  }

  /** The next records; undefined when nothing whole is left. Throws the system's error. */
  next(maxRecords: number): Batch | undefined {
    for (let size = CHUNK_BYTES; size <= MAX_LINE_BYTES; size *= 2) {
      const bytes = readFrom(this.name.path, this.#acked.bytes, size);
      const batch = this.#parse(bytes, maxRecords);
      if (batch || bytes.length < size) return batch;
    }
    return undefined;
  }

  /**
   * The records of a batch need not be sent again. On a full disk only this process knows; its end would then let
   * them be sent once more.
   */
  acknowledge(end: Acknowledged): void {
    this.#acked = end;
    try {
      appendAck(this.dir, this.name.base, end);
    } catch {
      // The next acknowledgement says the same and more.
    }
  }

  #parse(bytes: Buffer, maxRecords: number): Batch | undefined {
    const entries: DecodedEntry[] = [];
    const lines: string[] = [];
    let from = 0;
    let records = this.#acked.records;
    while (entries.length < maxRecords) {
      const to = bytes.indexOf(LINE_FEED, from);
      if (to < 0) break;
      const line = bytes.toString('utf8', from, to);
      from = to + 1;
      if (isRecordLine(line)) {
        records++;
        const entry = decodeEntry(line);
        if (!entry) continue;
        entries.push(entry);
        lines.push(line);
      } else if (isMarkLine(line)) {
        const mark = decodeMark(line);
        if (mark?.closed) this.#closedAt = mark.done;
      }
    }
    return from === 0 ? undefined : { entries, lines, end: { bytes: this.#acked.bytes + from, records } };
  }
}
