import type { CodeLocation } from '../spool/record.ts';
import type { Level } from './record/levels.ts';

/** What a log call goes to: the records of this process, or the way to them from a thread. */
export interface LogWriter {
  /** Whether records carry the location of their log call: the caller of `write` then finds it. */
  readonly withLocation: boolean;
  isEnabled(level: Level): boolean;
  /** Never throws. `atMs`: when it was logged, where that was not now. */
  write(
    level: Level,
    message: unknown,
    extras: unknown,
    location: CodeLocation | undefined,
    atMs?: number,
  ): void;
}

/** All loggers, by name. */
export interface Loggers {
  logger(name: string): LogWriter;
}
