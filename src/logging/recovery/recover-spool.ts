import { appendFileSync, truncateSync } from 'node:fs';
import { completeLines, readSegment, type SegmentState } from './complete-segment.ts';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { readFrom } from '../../files/read-from.ts';
import {
  claimSegment,
  hasEnded,
  listSegments,
  releaseSegment,
  type SegmentName,
} from '../../spool/segments.ts';
import { decodeHeader, type SegmentHeader, type SegmentMark } from '../../spool/record-line.ts';

/** What is known of a segment after looking after it. */
export type SegmentCare =
  /** Its process has ended or closed it, and all its records have their lines, `lines` of them only now. */
  | { readonly kind: 'complete'; readonly records: number; readonly lines: number }
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
  if (state.closed && isComplete(state)) return { kind: 'complete', records: state.records, lines: 0 };
  if (state.header && !hasEnded(path, state.header, nowMs)) return { kind: 'open' };
  appendMark(path, state, completeLines(logDir, state, nowMs));
  return { kind: 'complete', records: state.records, lines: state.open.length };
}

const HEADER_BYTES = 262_144;

function readHeader(path: string): SegmentHeader | undefined {
  const [first = ''] = readFrom(path, 0, HEADER_BYTES).toString('utf8').split('\n', 1);
  return decodeHeader(first);
}

export interface SpoolRecovery {
  /** Completes what has to be completed now; the number of segments. Never throws. */
  run(): number;
}

/**
 * Writes the daily lines that processes which were killed still owe, each exactly once. Segments of running processes
 * and of those that somebody else is looking after are left alone.
 */
export function createSpoolRecovery(
  dir: string,
  logDir: string,
  ownLog: OwnLog,
  now: () => number,
): SpoolRecovery {
  const headers = new Map<string, SegmentHeader | undefined>();
  const complete = new Set<string>();
  const outage = new Outage(ownLog, 'MON_LOG_WRITE');

  function headerOf(segment: SegmentName): SegmentHeader | undefined {
    const header = headers.get(segment.base) ?? readHeader(segment.path);
    headers.set(segment.base, header);
    return header;
  }

  function isCompletedNow(segment: SegmentName): boolean {
    const header = headerOf(segment);
    if (!header || !hasEnded(segment.path, header, now())) return false;
    const claimed = claimSegment(dir, segment, now());
    if (!claimed) return false;
    try {
      const care = careForSegment(logDir, claimed.path, now());
      if (care.kind === 'complete') complete.add(segment.base);
      return care.kind === 'complete' && care.lines > 0;
    } finally {
      if (!segment.claim) releaseSegment(dir, claimed);
    }
  }

  function forget(present: ReadonlySet<string>): void {
    for (const base of headers.keys()) if (!present.has(base)) headers.delete(base);
    for (const base of complete) if (!present.has(base)) complete.delete(base);
  }

  return {
    run() {
      const segments = listSegments(dir);
      forget(new Set(segments.map(({ base }) => base)));
      let completed = 0;
      let failed = false;
      for (const segment of segments) {
        if (complete.has(segment.base)) continue;
        try {
          if (isCompletedNow(segment)) completed++;
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          if (code === 'ENOENT') continue; // Shipped and deleted meanwhile.
          failed = true;
          outage.failed(() => ({ path: logDir, got: message, next: 'the records stay in the spool' }));
        }
      }
      if (!failed) outage.recovered(() => 'writing daily files works again');
      return completed;
    },
  };
}

/** Completes once what earlier processes left, at the start of a process that ships nothing itself. */
export function recoverSpool(dir: string, logDir: string, ownLog: OwnLog, now: () => number): number {
  return createSpoolRecovery(dir, logDir, ownLog, now).run();
}
