import { closeQuietly, type Disk, openFile } from '../../files/disk.ts';
import { readFrom } from '../../files/read-from.ts';
import { appendWhole } from '../../files/write-all.ts';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { decodeHeader, type SegmentHeader, type SegmentMark } from '../../spool/record-line.ts';
import type { SegmentName } from '../../spool/segments.ts';
import type { SpoolFolder } from '../../spool/spool-folder.ts';
import { type Backoff, backoffMs } from '../../time/backoff.ts';
import { type Completion, completeLines, readSegment, type SegmentState } from './complete-segment.ts';

/** What is known of a segment after looking after it. */
export type SegmentCare =
  /** Its process has ended or closed it, and all its records have their lines, `lines` of them only now. */
  | { readonly kind: 'complete'; readonly records: number; readonly lines: number; readonly damaged: number }
  /** Its process writes it. */
  | { readonly kind: 'open' };

/** Appends a mark for all records but those `without` their lines; cuts off a torn last line first. */
export function appendMark(
  disk: Disk,
  path: string,
  state: SegmentState,
  { files, without }: Completion,
): void {
  const fd = openFile(disk, path, 'append');
  try {
    disk.truncate(fd, state.bytes);
  } finally {
    closeQuietly(disk, fd);
  }
  const mark: SegmentMark = {
    done: state.records,
    files,
    closed: true,
    ...(without.length > 0 && { without }),
  };
  appendWhole(disk, path, `${JSON.stringify(mark)}\n`);
}

/**
 * Completes the daily lines of a segment whose process has ended. The caller has claimed the segment; then it may
 * be done again after being cut off anywhere. Throws the system's error.
 */
export function careForSegment(
  folder: SpoolFolder,
  logDir: string,
  path: string,
  nowMs: number,
): SegmentCare {
  const state = readSegment(folder.disk, path);
  const { records, open, damaged, header, closed } = state;
  if (closed && open.length + damaged === 0) return { kind: 'complete', records, lines: 0, damaged: 0 };
  if (header && !folder.hasEnded(path, header, nowMs)) return { kind: 'open' };
  const completion = completeLines(folder.disk, logDir, state, nowMs);
  appendMark(folder.disk, path, state, completion);
  if (completion.error) throw completion.error;
  return { kind: 'complete', records, lines: open.length, damaged };
}

const HEADER_BYTES = 262_144;
const RETRY: Backoff = { firstMs: 2000, maxMs: 60_000 };

export interface SpoolRecovery {
  /** Completes what has to be completed now; the number of segments. Never throws. */
  run(): number;
}

/**
 * Writes the daily lines that processes which were killed could not write any more, each exactly once. Segments of
 * running processes and of those that somebody else is looking after are left alone.
 */
export function createSpoolRecovery(
  folder: SpoolFolder,
  logDir: string,
  ownLog: OwnLog,
  now: () => number,
): SpoolRecovery {
  const headers = new Map<string, SegmentHeader>();
  const complete = new Set<string>();
  /** Segments that failed, and when they are tried again: each try reads the whole segment. */
  const failed = new Map<string, { failures: number; untilMs: number }>();
  const outage = new Outage(ownLog, 'MON_LOG_WRITE');

  function headerOf(segment: SegmentName): SegmentHeader | undefined {
    const known = headers.get(segment.base);
    if (known) return known;
    const [first = ''] = readFrom(folder.disk, segment.path, 0, HEADER_BYTES).toString('utf8').split('\n', 1);
    const header = decodeHeader(first);
    if (header) headers.set(segment.base, header);
    return header;
  }

  function isCompletedNow(segment: SegmentName): boolean {
    const header = headerOf(segment);
    if (!header || !folder.hasEnded(segment.path, header, now())) return false;
    const claimed = folder.claim(segment, now());
    if (!claimed) return false;
    try {
      const care = careForSegment(folder, logDir, claimed.path, now());
      if (care.kind === 'complete') complete.add(segment.base);
      return care.kind === 'complete' && care.lines > 0;
    } finally {
      if (!segment.claim) folder.release(claimed);
    }
  }

  function forget(present: ReadonlySet<string>): void {
    for (const known of [headers, complete, failed])
      for (const base of known.keys()) if (!present.has(base)) known.delete(base);
  }

  function isPause(base: string): boolean {
    const untilMs = failed.get(base)?.untilMs ?? 0;
    return now() < untilMs && untilMs - now() <= RETRY.maxMs;
  }

  function attempt(segment: SegmentName): boolean {
    try {
      const isNew = isCompletedNow(segment);
      failed.delete(segment.base);
      return isNew;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return false; // Shipped and deleted meanwhile.
      const failures = (failed.get(segment.base)?.failures ?? 0) + 1;
      failed.set(segment.base, { failures, untilMs: now() + backoffMs(failures, RETRY) });
      outage.failed(() => ({ path: logDir, got: message, next: 'the records stay in the spool' }));
      return false;
    }
  }

  return {
    run() {
      const segments = folder.list();
      forget(new Set(segments.map(({ base }) => base)));
      let completed = 0;
      for (const segment of segments) {
        if (complete.has(segment.base) || isPause(segment.base)) continue;
        if (attempt(segment)) completed++;
      }
      if (failed.size === 0) outage.recovered(() => 'writing daily files works again');
      return completed;
    },
  };
}

/** Completes once what earlier processes left, at the start of a process that ships nothing itself. */
export function recoverSpool(folder: SpoolFolder, logDir: string, ownLog: OwnLog, now: () => number): number {
  return createSpoolRecovery(folder, logDir, ownLog, now).run();
}
