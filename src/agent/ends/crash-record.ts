import type { Logging } from '../../logging/logging.ts';
import { asctime } from '../../time/timestamps.ts';
import type { ExceptionOrigin } from './exceptions.ts';

/** The logger of what ends a process. */
const LOGGER = 'app';

const titles: Readonly<Record<ExceptionOrigin, string>> = {
  uncaughtException: 'uncaught exception',
  unhandledRejection: 'unhandled rejection',
};

/** What was thrown, in one line. It may be anything, also an object that throws when it is looked at. */
function describe(error: unknown): string {
  try {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
    return typeof error === 'object' && error !== null ? JSON.stringify(error) : String(error);
  } catch {
    return 'a value that cannot be shown';
  }
}

/** Logs the error that ends the process as one CRITICAL record; it is on disk when this returns. */
export function logCrash(logging: Logging, error: unknown, origin: ExceptionOrigin): void {
  const message = `${titles[origin]}: ${describe(error)}`;
  const extras = error instanceof Error ? { error } : undefined;
  logging.logger(LOGGER).write('CRITICAL', message, extras, undefined);
  logging.flushSync();
}

/** Logs the end of another process that could not log it itself. */
export function logKilled(logging: Logging, pid: number, atMs: number): void {
  const [date, time] = [asctime(atMs).slice(0, 10), asctime(atMs).slice(11, 16)];
  const at = asctime(Date.now()).startsWith(date) ? time : `${date} ${time}`;
  const who = atMs < Date.now() - process.uptime() * 1000 ? 'the process before' : 'another process';
  const message = `${who}, pid ${pid}, was killed or crashed at about ${at}`;
  logging.logger(LOGGER).write('CRITICAL', message, { 'process.pid': pid }, undefined);
}
