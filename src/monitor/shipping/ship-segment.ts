import { readFrom } from '../../files/read-from.ts';
import type { Acknowledged, SegmentName } from '../../spool/segments.ts';
import type { SpoolFolder } from '../../spool/spool-folder.ts';
import {
  decodeEntry,
  type DecodedEntry,
  decodeHeader,
  decodeMark,
  isMarkLine,
  isRecordLine,
  type SegmentHeader,
} from '../../spool/record-line.ts';
import { MAX_LINE_BYTES, segmentLines } from '../../spool/segment-lines.ts';
import { RecordMaker } from './batch.ts';

/** Records that are sent together, and where in the segment they end. */
export interface Batch {
  readonly entries: readonly DecodedEntry[];
  readonly lines: readonly string[];
  /** Lines between them that are no records of ours: damaged, or too long. */
  readonly damaged: number;
  readonly end: Acknowledged;
}

const CHUNK_BYTES = 1_048_576;
const LINE_FEED = 10;
const NOTHING: Acknowledged = { bytes: 0, records: 0 };

function bytesAfter(folder: SpoolFolder, name: SegmentName, acked: Acknowledged): number {
  return Math.max(0, folder.sizeOf(name) - acked.bytes);
}

/** Bytes of a segment that was not opened yet that the collector has not taken. */
export function pendingBytesOf(folder: SpoolFolder, name: SegmentName): number {
  return bytesAfter(folder, name, folder.readAck(name.base));
}

/** One segment while it is read and shipped; its process may be writing it. */
export class ShippedSegment {
  readonly folder: SpoolFolder;
  readonly name: SegmentName;
  readonly header: SegmentHeader;
  readonly maker: RecordMaker;
  /** Its acknowledgement did not fit: it is shipped from its beginning. */
  readonly isFromStart: boolean;
  /** Position up to which damaged lines were counted. */
  countedTo = 0;
  #acked: Acknowledged;
  #isClosed = false;

  private constructor(
    folder: SpoolFolder,
    name: SegmentName,
    header: SegmentHeader,
    acked: Acknowledged | undefined,
  ) {
    this.folder = folder;
    this.name = name;
    this.header = header;
    this.maker = new RecordMaker(header);
    this.isFromStart = acked === undefined;
    this.#acked = acked ?? NOTHING;
  }

  /**
   * Undefined while its header is not written yet, or when it is none of ours. `known`: what was acknowledged of it,
   * where the file of the acknowledgements may be gone. Throws the system's error.
   */
  static open(folder: SpoolFolder, name: SegmentName, known?: Acknowledged): ShippedSegment | undefined {
    const bytes = readFrom(folder.disk, name.path, 0, CHUNK_BYTES);
    const end = bytes.indexOf(LINE_FEED);
    const header = end < 0 ? undefined : decodeHeader(bytes.toString('utf8', 0, end));
    if (!header) return undefined;
    const read = folder.readAck(name.base);
    const acked = known && known.bytes > read.bytes ? known : read;
    const fits = acked.bytes <= folder.sizeOf(name) && folder.isLineEnd(name, acked.bytes);
    return new ShippedSegment(folder, name, header, fits ? acked : undefined);
  }

  /** What the collector has of it. */
  get acknowledged(): Acknowledged {
    return this.#acked;
  }

  /** Bytes that the collector has not taken yet. */
  get pendingBytes(): number {
    return bytesAfter(this.folder, this.name, this.#acked);
  }

  /** Its process has closed it, with the lines of all its records in the daily files. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The next records; undefined when nothing whole is left. Throws the system's error. */
  next(maxRecords: number): Batch | undefined {
    for (let size = CHUNK_BYTES; size <= MAX_LINE_BYTES; size *= 2) {
      const bytes = readFrom(this.folder.disk, this.name.path, this.#acked.bytes, size);
      const batch = this.#parse(bytes, maxRecords);
      if (batch || bytes.length < size) return batch;
    }
    return this.#afterLongLine();
  }

  /**
   * The records of a batch need not be sent again. On a full disk only this process knows; its end would then let
   * them be sent once more.
   */
  acknowledge(end: Acknowledged): void {
    this.#acked = end;
    try {
      this.folder.appendAck(this.name.base, end);
    } catch {
      // The next acknowledgement has the same and more.
    }
  }

  #afterLongLine(): Batch | undefined {
    const { bytes, records } = this.#acked;
    for (const { end } of segmentLines(this.folder.disk, this.name.path, bytes)) {
      return { entries: [], lines: [], damaged: 1, end: { bytes: end, records: records + 1 } };
    }
    return undefined;
  }

  #parse(bytes: Buffer, maxRecords: number): Batch | undefined {
    const entries: DecodedEntry[] = [];
    const lines: string[] = [];
    let from = 0;
    let damaged = 0;
    let { records } = this.#acked;
    const isStart = this.#acked.bytes === 0;
    while (entries.length < maxRecords) {
      const to = bytes.indexOf(LINE_FEED, from);
      if (to < 0) break;
      const isHeader = isStart && from === 0;
      const line = bytes.toString('utf8', from, to);
      from = to + 1;
      if (isMarkLine(line)) {
        const mark = decodeMark(line);
        if (mark) this.#isClosed = mark.closed === true && mark.without === undefined;
        continue;
      }
      if (isHeader || line === '') continue;
      records++;
      const entry = isRecordLine(line) ? decodeEntry(line) : undefined;
      if (!entry) {
        damaged++;
        continue;
      }
      entries.push(entry);
      lines.push(line);
    }
    if (from === 0) return undefined;
    return { entries, lines, damaged, end: { bytes: this.#acked.bytes + from, records } };
  }
}
