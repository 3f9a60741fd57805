import type { Level } from './record/levels.ts';
import type { CodeLocation } from '../spool/record.ts';
import type { Loggers } from './log-writer.ts';

/** A line that another logger of the service wrote. */
export interface BridgedRecord {
  /** The logger's own name: becomes `application`, bounded as all names are. */
  readonly logger: string;
  readonly level: Level;
  readonly message: unknown;
  readonly extras?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: unknown;
  /** Where it was logged, if that is known. */
  readonly location?: CodeLocation | undefined;
  /** When it was written, in milliseconds since the epoch; absent: now. */
  readonly atMs?: number | undefined;
}

/** What a bridge from another logger is given: one function, which never throws. */
export interface LogBridge {
  record(record: BridgedRecord): void;
}

/** Takes the records of other loggers into ours: redacted, bounded, counted and stored like those. */
export function createLogBridge(logging: Loggers): LogBridge {
  return {
    record({ logger, level, message, extras, error, location, atMs }) {
      const handle = logging.logger(logger);
      if (!handle.isEnabled(level)) return;
      handle.write(level, message, error === undefined ? extras : { ...extras, error }, location, atMs);
    },
  };
}
