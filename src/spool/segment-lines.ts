import { closeQuietly, type Disk, openFile } from '../files/disk.ts';

const CHUNK_BYTES = 1_048_576;
/** No line is longer: a record is bounded far below. */
export const MAX_LINE_BYTES: number = 4 * CHUNK_BYTES;
const LINE_FEED = 10;

export interface SegmentLine {
  /** Without its line break; undefined for one that is too long to be ours. */
  readonly text: string | undefined;
  /** Position after its line break. */
  readonly end: number;
}

/** The whole lines of a segment in bounded memory; what is after the last line break is left out. Throws the system's error. */
export function* segmentLines(disk: Disk, path: string, from = 0): Generator<SegmentLine> {
  const fd = openFile(disk, path, 'read');
  try {
    let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    /** Bytes of the line that is not whole yet, and where the next read goes. */
    let held = 0;
    let position = from;
    let isTooLong = false;
    for (;;) {
      if (held === buffer.length) {
        if (held >= MAX_LINE_BYTES) {
          isTooLong = true;
          held = 0;
        } else {
          buffer = Buffer.concat([buffer], buffer.length * 2);
        }
      }
      const got = disk.read(fd, buffer, held, buffer.length - held, position);
      if (got === 0) return;
      const filled = held + got;
      let start = 0;
      let at = buffer.indexOf(LINE_FEED, held);
      while (at >= 0 && at < filled) {
        const text = isTooLong ? undefined : buffer.toString('utf8', start, at);
        isTooLong = false;
        yield { text, end: position - held + at + 1 };
        start = at + 1;
        at = buffer.indexOf(LINE_FEED, start);
      }
      position += got;
      buffer.copyWithin(0, start, filled);
      held = filled - start;
    }
  } finally {
    closeQuietly(disk, fd);
  }
}
