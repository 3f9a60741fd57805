import { join } from 'node:path';
import type { Disk } from '../../files/disk.ts';
import { readFrom } from '../../files/read-from.ts';
import {
  type DecodedEntry,
  decodeEntry,
  decodeHeader,
  decodeMark,
  type FileMark,
  type FileMarks,
  isMarkLine,
  isRecordLine,
  type SegmentHeader,
} from '../../spool/record-line.ts';
import { segmentLines } from '../../spool/segment-lines.ts';
import { createLocalDay } from '../../time/timestamps.ts';
import { DailyFile } from '../daily/daily-file.ts';
import { createFormatter, type Formatter } from '../record/formatters.ts';

/** What is in a segment. */
export interface SegmentState {
  readonly header: SegmentHeader | undefined;
  /** Bytes up to the last whole line. */
  readonly bytes: number;
  /** Records, damaged ones included. */
  readonly records: number;
  readonly files: FileMarks;
  readonly closed: boolean;
  /** The records that may lack their lines in the daily files. */
  readonly open: readonly DecodedEntry[];
  /** Records after the last mark that cannot be read: their lines are lost. */
  readonly damaged: number;
}

/** A record line and how many records are before it. */
interface OpenLine {
  readonly index: number;
  readonly line: string;
}

/** Whether a record, by its application, is among those that a mark leaves out. */
function isWithout({ line }: OpenLine, without: ReadonlySet<string>): boolean {
  const application = decodeEntry(line)?.application;
  return application !== undefined && without.has(application);
}

/** Reads a segment as it is; a torn last line is left out. Throws the system's error. */
export function readSegment(disk: Disk, path: string): SegmentState {
  let header: SegmentHeader | undefined;
  let bytes = 0;
  let records = 0;
  let files: FileMarks = {};
  let closed = false;
  let open: OpenLine[] = [];
  for (const { text: line = '', end } of segmentLines(disk, path)) {
    if (bytes === 0) header = decodeHeader(line);
    bytes = end;
    if (isRecordLine(line)) {
      open.push({ index: records, line });
      records++;
    } else if (isMarkLine(line)) {
      const mark = decodeMark(line);
      if (!mark) continue;
      const without = new Set(mark.without);
      open = open.filter((one) => one.index >= mark.done || (without.size > 0 && isWithout(one, without)));
      ({ files } = mark);
      closed = mark.closed ?? false;
    }
  }
  const entries = open.map(({ line }) => decodeEntry(line)).filter((entry) => entry !== undefined);
  return {
    header,
    bytes,
    records,
    files,
    closed,
    open: entries,
    damaged: open.length - entries.length,
  };
}

/** Without a mark a file is searched from here back: a process has far less than this unmarked. */
const MAX_SEARCH_BYTES = 16_777_216;

/**
 * What of `expected` (whole lines) is missing at the end of a daily file, as text to append. The process appended its lines in
 * order, so those that are there are a beginning of `expected`; between them may be lines of other processes.
 * A line that was cut off is completed.
 */
export function missingText(tail: string, expected: string): string {
  const lines = tail.split('\n');
  const torn = lines.pop() ?? '';
  const wanted = expected.split('\n');
  wanted.pop();
  let next = 0;
  for (const line of lines) if (next < wanted.length && line === wanted[next]) next++;
  if (next === wanted.length) return '';
  const missing = `${wanted.slice(next).join('\n')}\n`;
  if (torn === '') return missing;
  return missing.startsWith(torn) ? missing.slice(torn.length) : `\n${missing}`;
}

function completeFile(
  disk: Disk,
  path: string,
  mark: FileMark | undefined,
  expected: string,
  nowMs: number,
): FileMark {
  const file = new DailyFile(path, disk);
  try {
    const opened = file.append('', nowMs);
    if (opened) throw opened.error;
    const [inode, size] = file.mark() ?? [0, 0];
    const known = mark !== undefined && mark[0] === inode && mark[1] <= size;
    const from = known ? mark[1] : Math.max(0, size - MAX_SEARCH_BYTES);
    // As bytes, one character each: a line may have been cut off inside a character.
    const wanted = Buffer.from(expected).toString('latin1');
    const missing = missingText(readFrom(disk, path, from).toString('latin1'), wanted);
    const failure = missing === '' ? undefined : file.append(Buffer.from(missing, 'latin1'), nowMs, true);
    if (failure) throw failure.error;
    return file.mark() ?? [0, 0];
  } finally {
    file.close();
  }
}

interface Expected {
  readonly application: string;
  text: string;
}

function expectedByFile(
  entries: readonly DecodedEntry[],
  format: Formatter,
  isLeftOut: (application: string) => boolean,
): Map<string, Expected> {
  const day = createLocalDay();
  const expected = new Map<string, Expected>();
  for (const entry of entries) {
    const { application, atMs } = entry;
    if (isLeftOut(application)) continue;
    const name = `${application}_${day(atMs)}.log`;
    const known = expected.get(name);
    if (known) known.text += format(entry);
    else expected.set(name, { application, text: format(entry) });
  }
  return expected;
}

/** What became of the missing lines of a segment. */
export interface Completion {
  /** Of the daily files, those that were completed included. */
  readonly files: FileMarks;
  /** Applications whose lines are still missing. */
  readonly without: readonly string[];
  /** Why, for those that could not be written. */
  readonly error: Error | undefined;
}

/**
 * Writes the lines that the records of a segment still lack into the daily files, each exactly once. May be cut off at
 * any point and done again. A file that cannot be written does not keep the others. Never throws.
 */
export function completeLines(
  disk: Disk,
  logDir: string,
  state: SegmentState,
  nowMs: number,
  leftOut: ReadonlySet<string> = new Set(),
): Completion {
  const files: Record<string, FileMark> = { ...state.files };
  const format = createFormatter(state.header?.format ?? 'text');
  const without = new Set<string>();
  let error: Error | undefined;
  const expected = expectedByFile(state.open, format, (application) => {
    const isLeftOut = leftOut.has(application);
    if (isLeftOut) without.add(application);
    return isLeftOut;
  });
  for (const [name, { application, text }] of expected) {
    try {
      files[name] = completeFile(disk, join(logDir, name), state.files[name], text, nowMs);
    } catch (caught) {
      error = caught as Error;
      without.add(application);
    }
  }
  return { files, without: [...without], error };
}
