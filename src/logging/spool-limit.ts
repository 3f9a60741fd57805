import { statSync } from 'node:fs';
import { readSegment } from './complete-segment.ts';
import { careForSegment } from './recover-spool.ts';
import { deleteSegment, listSegments, readAck, type SegmentName } from './spool-segments.ts';

/** What had to go. */
export interface Dropped {
  readonly segments: number;
  /** Records that the collector had not taken. */
  readonly records: number;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Records that go with the segment; undefined when its process still writes it. */
function loss(dir: string, logDir: string, segment: SegmentName, nowMs: number): number | undefined {
  try {
    const state = readSegment(segment.path);
    if (!state.closed && careForSegment(logDir, segment.path, nowMs).kind === 'open') return undefined;
    return Math.max(0, state.records - readAck(dir, segment.base).records);
  } catch {
    return 0; // Gone already, or unreadable: nothing that could be counted.
  }
}

/**
 * Keeps the segments of a folder within `maxBytes` by deleting the oldest that no process writes any more, also
 * while somebody ships them. Their records are in the daily files by then.
 */
export function boundSpool(dir: string, logDir: string, maxBytes: number, nowMs: number): Dropped {
  const segments = listSegments(dir).map((segment) => ({ segment, bytes: sizeOf(segment.path) }));
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  let dropped = 0;
  let records = 0;
  for (const { segment, bytes } of segments) {
    if (total <= maxBytes) break;
    const lost = loss(dir, logDir, segment, nowMs);
    if (lost === undefined || !deleteSegment(dir, segment)) continue;
    total -= bytes;
    dropped++;
    records += lost;
  }
  return { segments: dropped, records };
}
