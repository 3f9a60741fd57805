import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCredentials } from '../address/masked.ts';
import { formatProblem, type Problem, type ProblemCode, type ProblemParams, problem } from '../errors.ts';
import { type Disk, realDisk } from '../files/disk.ts';
import { makeFolderWithin } from '../files/make-folder.ts';
import { appendWhole } from '../files/write-all.ts';
import { escapeLine } from './escape.ts';
import { asctime, localDay } from '../time/timestamps.ts';

/** Problems that are remembered as logged. */
const MAX_LOGGED = 1000;

const ORDER = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'NONE'] as const;
export type OwnLogLevel = (typeof ORDER)[number];

/** What the package logs about itself. Never throws; what cannot be written is lost, but for stderr. */
export interface OwnLog {
  debug(message: string): void;
  /** `onStderr`: the shorter form for people, where the record itself is long. */
  info(message: string, onStderr?: string): void;
  warning(message: string): void;
  error(message: string): void;
  /** Logs a problem as a warning; the same code and `where` only once in the life of this log. */
  problem(code: ProblemCode, params?: ProblemParams): void;
  problems(list: readonly Problem[]): void;
}

export interface OwnLogOptions {
  readonly dir: string;
  readonly level: OwnLogLevel;
  readonly now?: () => number;
  readonly writeStderr?: (line: string) => void;
  readonly disk?: Disk;
}

/** Written straight to the descriptor: a worker's `console.error` would wait for a blocked main thread. */
function stderrLine(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // EAGAIN on a full pipe, or a closed stderr: the file has the line.
  }
}

/**
 * The package's own log: `<dir>/monitoring/monitoring_<YYYYMMDD>.log` and stderr, in the documented text form.
 * The agent and the monitor each open one; both append whole lines to the same file.
 */
export function createOwnLog(options: OwnLogOptions): OwnLog {
  const { dir, level, now = Date.now, writeStderr = stderrLine, disk = realDisk } = options;
  const folder = join(dir, 'monitoring');
  const lowest = ORDER.indexOf(level);
  const logged = new Set<string>();
  let folderReady = false;
  let fileFailed = false;

  function toFile(atMs: number, line: string): void {
    try {
      if (!folderReady) makeFolderWithin(disk, dir, folder);
      folderReady = true;
      appendWhole(disk, join(folder, `monitoring_${localDay(atMs)}.log`), line);
      fileFailed = false;
    } catch (error) {
      folderReady = false;
      if (fileFailed) return;
      fileFailed = true;
      const got = (error as Error).message;
      write(
        'WARNING',
        formatProblem(
          problem('MON_LOG_DIR', {
            where: 'monitoring log',
            path: folder,
            got,
            next: 'logging to stderr only',
          }),
        ),
      );
    }
  }

  function write(at: Exclude<OwnLogLevel, 'NONE'>, message: string, onStderr: string = message): void {
    if (ORDER.indexOf(at) < lowest) return;
    const atMs = now();
    // Whoever logs something need not think of the credentials that an address in it may hold.
    const lineOf = (text: string): string =>
      `${asctime(atMs)} - monitoring - ${at} - ${escapeLine(withoutCredentials(text))}\n`;
    if (at !== 'DEBUG') writeStderr(lineOf(onStderr));
    toFile(atMs, lineOf(message));
  }

  function logProblem(found: Problem): void {
    const key = `${found.code}|${found.params['where'] ?? ''}`;
    if (logged.has(key)) return;
    if (logged.size < MAX_LOGGED) logged.add(key);
    write('WARNING', formatProblem(found));
  }

  return {
    debug: (message) => write('DEBUG', message),
    info: (message, onStderr) => write('INFO', message, onStderr),
    warning: (message) => write('WARNING', message),
    error: (message) => write('ERROR', message),
    problem: (code, params) => logProblem(problem(code, params)),
    problems: (list) => list.forEach(logProblem),
  };
}
