// Hot path: `encodeEntry` once a record, by concatenation; JSON.stringify of the same as an object costs three times.
import type { SeverityNumber } from '@opentelemetry/api';
import { safeName } from './logger-names.ts';
import type { CodeLocation, LogEntry } from './record.ts';

/**
 * The lines of a spool segment, one JSON object each:
 *
 * 1. the header: whose records follow;
 * 2. records, in the order of their log calls;
 * 3. marks, `{"done":…}`: all records before it have their lines in the daily files, which then had these sizes.
 *
 * A line that does not end in a line break is a write that was cut off; its log call never returned.
 */
export interface SegmentHeader {
  /** Version of this format. */
  readonly spool: 1;
  /** Attributes of the OpenTelemetry resource. */
  readonly resource: Readonly<Record<string, string>>;
  readonly processId: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot; empty if the system does not provide it. */
  readonly start: string;
  /** What `pid` and `start` are relative to: the boot and the namespace of process ids. */
  readonly host: string;
  /** Form of the lines in the daily files: a key of the formatters. */
  readonly format: string;
}

/** A daily file after the last line of this process: its inode and its size. */
export type FileMark = readonly [inode: number, size: number];
/** By the file's name. */
export type FileMarks = Readonly<Record<string, FileMark>>;

export interface SegmentMark {
  /** How many records of this segment have their lines. */
  readonly done: number;
  readonly files: FileMarks;
  /** The process has closed this segment and writes nothing more into it. */
  readonly closed?: true;
  /** Applications whose daily file could not be written: of them only records before their last mark have their lines. */
  readonly without?: readonly string[];
}

const RECORD_START = '{"t":"';
const MARK_START = '{"done":';
const ATTRIBUTES = ',"a":{';

export const isRecordLine = (line: string): boolean => line.startsWith(RECORD_START);
export const isMarkLine = (line: string): boolean => line.startsWith(MARK_START);

function padSub(subNs: number): string {
  if (subNs < 10) return `00000${subNs}`;
  return String(subNs).padStart(6, '0');
}

/**
 * One record as a line. `t` nanoseconds since 1970 as text, `n` severity number, `s` logger, `p` application where
 * it differs, `v` version unless "1", `u` uid, `b` message, `c` [function, file, line], `x` trace id, `y` span id,
 * `f` trace flags, `e` event name, `a` the remaining attributes (last, so that its text can be cut out unchanged).
 */
export function encodeEntry(entry: LogEntry): string {
  let line = `${RECORD_START}${entry.atMs}${padSub(entry.subNs)}${sourceJson(entry)}${entry.uid}","b":${JSON.stringify(entry.body)}`;
  if (entry.code !== undefined) line += `,"c":${entry.code.json}`;
  if (entry.traceId !== '') line += `,"x":"${entry.traceId}","y":"${entry.spanId}","f":${entry.traceFlags}`;
  if (entry.eventName !== '') line += `,"e":${JSON.stringify(entry.eventName)}`;
  return entry.attributesJson === '' ? `${line}}\n` : `${line}${ATTRIBUTES}${entry.attributesJson}}}\n`;
}

const MAX_SOURCES = 1000;
const sources = new Map<string, (string | undefined)[]>();

/** Severity and logger up to the uid, `","n":9,"s":"api","u":"`, rendered once for the loggers that differ in nothing else. */
function sourceJson(entry: LogEntry): string {
  const { severity, logger, application, version } = entry;
  if (application !== logger || version !== '1') return renderSource(entry);
  const known = sources.get(logger);
  if (known) return (known[severity] ??= renderSource(entry));
  if (sources.size < MAX_SOURCES) sources.set(logger, []);
  return renderSource(entry);
}

function renderSource({ severity, logger, application, version }: LogEntry): string {
  let json = `","n":${severity},"s":${JSON.stringify(logger)}`;
  if (application !== logger) json += `,"p":"${application}"`;
  if (version !== '1') json += `,"v":${JSON.stringify(version)}`;
  return `${json},"u":"`;
}

interface RawEntry {
  readonly t: string;
  readonly n: SeverityNumber;
  readonly s: string;
  readonly p?: string;
  readonly v?: string;
  readonly u: string;
  readonly b: string;
  readonly c?: readonly [string, string, number];
  readonly x?: string;
  readonly y?: string;
  readonly f?: number;
  readonly e?: string;
  readonly a?: Readonly<Record<string, unknown>>;
}

/** A decoded record; `attributes` are those of `attributesJson`. */
export interface DecodedEntry extends LogEntry {
  readonly attributes: Readonly<Record<string, unknown>>;
}

const NO_ATTRIBUTES = {};
/** Nanoseconds since 1970 within what a date can be. */
const TIME = /^\d{7,22}$/;
const MAX_DATE_MS = 8.64e15;

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** A segment is a file: somebody else may have written it. */
function isWellFormed({ t, n, s, b, u, p, v, x, y, e, f, c, a }: RawEntry): boolean {
  if (typeof t !== 'string' || typeof s !== 'string' || typeof b !== 'string' || typeof u !== 'string')
    return false;
  return (
    TIME.test(t) &&
    Number(t.slice(0, -6)) <= MAX_DATE_MS &&
    isSeverity(n) &&
    [p, v, x, y, e].every(isText) &&
    (f === undefined || Number.isInteger(f)) &&
    (c === undefined || isCode(c)) &&
    (a === undefined || isObject(a))
  );
}

const isSeverity = (n: number): boolean => Number.isInteger(n) && n >= 1 && n <= 24;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCode(code: unknown): boolean {
  if (!Array.isArray(code)) return false;
  const [functionName, filePath, line] = code as unknown[];
  return typeof functionName === 'string' && typeof filePath === 'string' && typeof line === 'number';
}

function decodeCode(code: RawEntry['c']): CodeLocation | undefined {
  if (!code) return undefined;
  const [functionName, filePath, line] = code;
  return { functionName, filePath, line, json: '' };
}

/** Reads a record line (without its line break); undefined for one that is damaged. */
export function decodeEntry(line: string): DecodedEntry | undefined {
  let raw: RawEntry;
  try {
    raw = JSON.parse(line) as RawEntry;
  } catch {
    return undefined;
  }
  if (!isWellFormed(raw)) return undefined;
  const at = line.indexOf(ATTRIBUTES);
  const stack = raw.a?.['exception.stacktrace'];
  return {
    atMs: Number(raw.t.slice(0, -6)),
    subNs: Number(raw.t.slice(-6)),
    severity: raw.n,
    logger: raw.s,
    // Whatever the file holds, this becomes the name of a file.
    application: safeName(raw.p ?? raw.s),
    version: raw.v ?? '1',
    body: raw.b,
    uid: raw.u,
    code: decodeCode(raw.c),
    traceId: raw.x ?? '',
    spanId: raw.y ?? '',
    traceFlags: raw.f ?? 0,
    eventName: raw.e ?? '',
    stack: typeof stack === 'string' ? stack : '',
    attributesJson: at < 0 ? '' : line.slice(at + ATTRIBUTES.length, -2),
    attributes: raw.a ?? NO_ATTRIBUTES,
  };
}

function isHeader({ resource, pid, start, host, format }: SegmentHeader): boolean {
  const texts = [start, host, format].every((text) => typeof text === 'string');
  return texts && typeof pid === 'number' && isObject(resource);
}

function isMark({ done, files, without }: SegmentMark): boolean {
  const marks: unknown[] = isObject(files) ? Object.values(files) : [undefined];
  return (
    Number.isSafeInteger(done) &&
    done >= 0 &&
    marks.every((mark) => Array.isArray(mark) && mark.every(Number.isSafeInteger)) &&
    (without === undefined || (Array.isArray(without) && without.every((name) => typeof name === 'string')))
  );
}

/** Reads the first line of a segment; undefined when it is no header of this format. */
export function decodeHeader(line: string): SegmentHeader | undefined {
  try {
    const header = JSON.parse(line) as SegmentHeader;
    return header.spool === 1 && isHeader(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

export function decodeMark(line: string): SegmentMark | undefined {
  try {
    const mark = JSON.parse(line) as SegmentMark;
    return isMark(mark) ? mark : undefined;
  } catch {
    return undefined;
  }
}
