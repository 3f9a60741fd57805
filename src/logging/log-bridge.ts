import type { Level } from './record/levels.ts';
import type { Logging } from './logging.ts';

/** A line that another logger of the service wrote. */
export interface BridgedRecord {
  /** The logger's own name: becomes `application`, bounded as all names are. */
  readonly logger: string;
  readonly level: Level;
  readonly message: unknown;
  readonly extras?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: unknown;
  /** When it was written, in milliseconds since the epoch; absent: now. */
  readonly atMs?: number | undefined;
}

/** What a bridge from another logger is given: one function, which never throws. */
export interface LogBridge {
  record(record: BridgedRecord): void;
}

/** Takes the records of other loggers into ours: redacted, bounded, counted and stored like those. */
export function createLogBridge(logging: Pick<Logging, 'logger'>): LogBridge {
  return {
    record({ logger, level, message, extras, error, atMs }) {
      const handle = logging.logger(logger);
      if (!handle.isEnabled(level)) return;
      handle.write(level, message, error === undefined ? extras : { ...extras, error }, undefined, atMs);
    },
  };
}
