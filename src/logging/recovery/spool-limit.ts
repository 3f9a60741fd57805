import type { SegmentName } from '../../spool/segments.ts';
import type { SpoolFolder } from '../../spool/spool-folder.ts';
import { readSegment, type SegmentState } from './complete-segment.ts';
import { careForSegment } from './recover-spool.ts';

/** What was dropped. */
export interface Dropped {
  readonly segments: number;
  /** Records that the collector had not taken. */
  readonly records: number;
  /** Records whose lines in the daily files could not be written before. */
  readonly lines: number;
}

type Loss = Omit<Dropped, 'segments'>;

export interface SpoolLimit {
  readonly folder: SpoolFolder;
  /** Folder of the daily files. */
  readonly logDir: string;
  readonly maxBytes: number;
  readonly nowMs: number;
  /** Whether this process has closed a segment though its daily lines are missing, since these files cannot be written. */
  readonly isGivenUp: (base: string) => boolean;
}

/** What is lost with the segment; undefined when its process still writes it. */
function lossOf(limit: SpoolLimit, segment: SegmentName): Loss | undefined {
  const { folder, logDir, nowMs } = limit;
  let state: SegmentState;
  try {
    state = readSegment(folder.disk, segment.path);
  } catch {
    return { records: 0, lines: 0 }; // Gone already, or unreadable: nothing that could be counted.
  }
  const records = Math.max(0, state.records - folder.readAck(segment.base).records);
  const missing = state.open.length + state.damaged;
  if (missing === 0 && state.closed) return { records, lines: 0 };
  if (limit.isGivenUp(segment.base)) return { records, lines: missing };
  try {
    const care = careForSegment(folder, logDir, segment.path, nowMs);
    return care.kind === 'open' ? undefined : { records, lines: care.damaged };
  } catch {
    return { records, lines: missing };
  }
}

/**
 * Keeps the segments of a folder within `maxBytes` by deleting the oldest that no process writes any more, also
 * while somebody ships them. Their records are in the daily files by then, if these can be written.
 */
export function boundSpool(limit: SpoolLimit): Dropped {
  const { folder, maxBytes } = limit;
  const segments = folder.list().map((segment) => ({ segment, bytes: folder.sizeOf(segment) }));
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const dropped = { segments: 0, records: 0, lines: 0 };
  for (const { segment, bytes } of segments) {
    if (total <= maxBytes) break;
    const loss = lossOf(limit, segment);
    if (loss === undefined || !folder.delete(segment)) continue;
    total -= bytes;
    dropped.segments++;
    dropped.records += loss.records;
    dropped.lines += loss.lines;
  }
  return dropped;
}
