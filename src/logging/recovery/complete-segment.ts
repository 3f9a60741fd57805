import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DailyFile } from '../daily/daily-file.ts';
import { createFormatter, type Formatter } from '../record/formatters.ts';
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
import { createLocalDay } from '../../time/timestamps.ts';

/** What a segment says of itself. */
export interface SegmentState {
  readonly header: SegmentHeader | undefined;
  /** Bytes up to the last whole line. */
  readonly bytes: number;
  readonly records: number;
  /** Records that have their lines in the daily files for sure. */
  readonly done: number;
  readonly files: FileMarks;
  readonly closed: boolean;
  /** The records after `done`. */
  readonly open: readonly DecodedEntry[];
}

/** Reads a segment as it stands; a torn last line is left out. Throws the system's error. */
export function readSegment(path: string): SegmentState {
  const content = readFileSync(path);
  const bytes = content.lastIndexOf(10) + 1;
  const lines = content.toString('utf8', 0, bytes).split('\n');
  let records = 0;
  let done = 0;
  let files: FileMarks = {};
  let closed = false;
  let open: string[] = [];
  for (const line of lines) {
    if (isRecordLine(line)) {
      records++;
      open.push(line);
    } else if (isMarkLine(line)) {
      const mark = decodeMark(line);
      if (!mark) continue;
      open = open.slice(mark.done - done);
      ({ done, files } = mark);
      closed = mark.closed ?? false;
    }
  }
  const entries = open.map((line) => decodeEntry(line)).filter((entry) => entry !== undefined);
  return { header: decodeHeader(lines[0] ?? ''), bytes, records, done, files, closed, open: entries };
}

/** Without a mark a file is searched from here back: a process has far less than this unmarked. */
const MAX_SEARCH_BYTES = 16_777_216;

/**
 * What of `expected` (whole lines) is missing at the end of a daily file, as text to append. The process appended its lines in
 * order, so those that are there are a beginning of `expected`; between them may stand lines of other processes.
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

function completeFile(path: string, mark: FileMark | undefined, expected: string, nowMs: number): FileMark {
  const file = new DailyFile(path);
  try {
    const opened = file.append('', nowMs);
    if (opened) throw opened.error;
    const [inode, size] = file.mark() ?? [0, 0];
    const known = mark !== undefined && mark[0] === inode && mark[1] <= size;
    const from = known ? mark[1] : Math.max(0, size - MAX_SEARCH_BYTES);
    // As bytes, one character each: a line may have been cut off inside a character.
    const wanted = Buffer.from(expected).toString('latin1');
    const missing = missingText(readFrom(path, from).toString('latin1'), wanted);
    const failure = missing === '' ? undefined : file.append(Buffer.from(missing, 'latin1'), nowMs, true);
    if (failure) throw failure.error;
    return file.mark() ?? [0, 0];
  } finally {
    file.close();
  }
}

function expectedByFile(entries: readonly DecodedEntry[], format: Formatter): Map<string, string> {
  const day = createLocalDay();
  const expected = new Map<string, string>();
  for (const entry of entries) {
    const name = `${entry.application}_${day(entry.atMs)}.log`;
    expected.set(name, (expected.get(name) ?? '') + format(entry));
  }
  return expected;
}

/**
 * Writes the lines that the records of a segment still lack into the daily files, each exactly once, and returns
 * the marks of these files. May be cut off at any point and done again. Throws the system's error when a daily
 * file cannot be written.
 */
export function completeLines(logDir: string, state: SegmentState, nowMs: number): FileMarks {
  const marks: Record<string, FileMark> = { ...state.files };
  const format = createFormatter(state.header?.format ?? 'text');
  for (const [name, expected] of expectedByFile(state.open, format)) {
    marks[name] = completeFile(join(logDir, name), state.files[name], expected, nowMs);
  }
  return marks;
}
