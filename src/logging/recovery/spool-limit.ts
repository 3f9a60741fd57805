import { statSync } from 'node:fs';
import { readSegment } from './complete-segment.ts';
import { careForSegment } from './recover-spool.ts';
import { deleteSegment, listSegments, readAck, type SegmentName } from '../../spool/segments.ts';

/** What had to go. */
export interface Dropped {
  readonly segments: number;
  /** Records that the collector had not taken. */
  readonly records: number;
  /** Records whose lines in the daily files could not be written before. */
  readonly lines: number;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

type Loss = Omit<Dropped, 'segments'>;

/** What goes with the segment; undefined when its process still writes it. */
function lossOf(limit: SpoolLimit, segment: SegmentName): Loss | undefined {
  try {
    const state = readSegment(segment.path);
    const records = Math.max(0, state.records - readAck(limit.dir, segment.base).records);
    if (state.closed) return { records, lines: 0 };
    if (limit.isGivenUp(segment.base)) return { records, lines: state.open.length };
    const care = careForSegment(limit.logDir, segment.path, limit.nowMs);
    return care.kind === 'open' ? undefined : { records, lines: 0 };
  } catch {
    return { records: 0, lines: 0 }; // Gone already, or unreadable: nothing that could be counted.
  }
}

export interface SpoolLimit {
  readonly dir: string;
  /** Folder of the daily files. */
  readonly logDir: string;
  readonly maxBytes: number;
  readonly nowMs: number;
  /**
   * Whether this process is done with a segment though its daily lines are missing, since the daily files cannot be
   * written.
   */
  readonly isGivenUp: (base: string) => boolean;
}

/**
 * Keeps the segments of a folder within `maxBytes` by deleting the oldest that no process writes any more, also
 * while somebody ships them. Their records are in the daily files by then, if these can be written.
 */
export function boundSpool(limit: SpoolLimit): Dropped {
  const { dir, maxBytes } = limit;
  const segments = listSegments(dir).map((segment) => ({ segment, bytes: sizeOf(segment.path) }));
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const dropped = { segments: 0, records: 0, lines: 0 };
  for (const { segment, bytes } of segments) {
    if (total <= maxBytes) break;
    const loss = lossOf(limit, segment);
    if (loss === undefined || !deleteSegment(dir, segment)) continue;
    total -= bytes;
    dropped.segments++;
    dropped.records += loss.records;
    dropped.lines += loss.lines;
  }
  return dropped;
}
