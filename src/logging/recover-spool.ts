import { appendFileSync, truncateSync } from 'node:fs';
import { completeLines, readSegment, type SegmentState } from './complete-segment.ts';
import type { OwnLog } from './own-log.ts';
import { claimSegment, hasEnded, listSegments, releaseSegment } from './spool-segments.ts';
import type { SegmentMark } from './spool-line.ts';

/** What is known of a segment after looking after it. */
export type SegmentCare =
  /** Its process has ended or closed it, and all its records have their lines: it may go once it is shipped. */
  | { readonly kind: 'complete'; readonly records: number }
  /** Its process writes it, or the daily files cannot be written. */
  | { readonly kind: 'open' };

function isComplete(state: SegmentState): boolean {
  return state.open.length === 0 && state.done === state.records;
}

/** Appends a mark for all records; cuts off a torn last line first. */
export function appendMark(path: string, state: SegmentState, files: SegmentMark['files']): void {
  truncateSync(path, state.bytes);
  const mark: SegmentMark = { done: state.records, files, closed: true };
  appendFileSync(path, `${JSON.stringify(mark)}\n`);
}

/**
 * Completes the daily lines of a segment whose process has ended. The caller has claimed the segment; then it may
 * be done again after being cut off anywhere. Throws the system's error.
 */
export function careForSegment(logDir: string, path: string, nowMs: number): SegmentCare {
  const state = readSegment(path);
  if (state.closed && isComplete(state)) return { kind: 'complete', records: state.records };
  if (state.header && !hasEnded(path, state.header, nowMs)) return { kind: 'open' };
  appendMark(path, state, completeLines(logDir, state, nowMs));
  return { kind: 'complete', records: state.records };
}

/**
 * At the start of a process: the daily lines that processes which were killed still owe are written, each exactly
 * once. Segments of running processes and of those that somebody else is looking after are left alone. Returns the
 * number of segments completed; never throws.
 */
export function recoverSpool(dir: string, logDir: string, ownLog: OwnLog, now: () => number): number {
  let completed = 0;
  for (const segment of listSegments(dir)) {
    try {
      if (!mayCare(segment.path, now())) continue;
      const claimed = claimSegment(dir, segment, now());
      if (!claimed) continue;
      if (careForSegment(logDir, claimed.path, now()).kind === 'complete') completed++;
      if (!segment.claim) releaseSegment(dir, claimed);
    } catch (error) {
      ownLog.problem('MON_LOG_WRITE', {
        path: logDir,
        got: (error as Error).message,
        next: 'the records stay in the spool',
        where: segment.base,
      });
    }
  }
  return completed;
}

function mayCare(path: string, nowMs: number): boolean {
  const { header } = readSegment(path);
  return header !== undefined && hasEnded(path, header, nowMs);
}
