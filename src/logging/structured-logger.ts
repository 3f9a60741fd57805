// Hot path: one look at the slot of the process's logging a call.
// oxlint-disable typescript/unbound-method -- methods are passed for their identity only, to find their caller
import { currentLogging } from './current-logging.ts';
import { type Level, type LevelInput, toLevel } from './levels.ts';
import type { LogHandle } from './log-handle.ts';
import type { Logging } from './logging.ts';

/** What a record carries besides its message; an error may stand for the whole. */
export type LogExtras = Readonly<Record<string, unknown>> | Error;

/**
 * The documented logger: `new StructuredLogger('api').log('ERROR', 'order failed', { order: 17, error })`. Each
 * name has its daily file and its label `application`; `api`, `ai`, `db` and `security` are the documented ones.
 * Methods never throw; when they return, the record is on disk. Errors among the extras become `exception.*`;
 * secrets are redacted.
 */
export class StructuredLogger {
  readonly name: string;
  #logging: Logging | undefined;
  #handle: LogHandle | undefined;

  constructor(name: string) {
    this.name = String(name);
  }

  /** `level`: a documented name in any case, or Python's numbers 10 to 50. */
  log(level: LevelInput, message: string, extras?: LogExtras): void {
    this.#write(toLevel(level), message, extras, this.log);
  }

  debug(message: string, extras?: LogExtras): void {
    this.#write('DEBUG', message, extras, this.debug);
  }

  info(message: string, extras?: LogExtras): void {
    this.#write('INFO', message, extras, this.info);
  }

  warning(message: string, extras?: LogExtras): void {
    this.#write('WARNING', message, extras, this.warning);
  }

  error(message: string, extras?: LogExtras): void {
    this.#write('ERROR', message, extras, this.error);
  }

  critical(message: string, extras?: LogExtras): void {
    this.#write('CRITICAL', message, extras, this.critical);
  }

  #write(
    level: Level,
    message: string,
    extras: LogExtras | undefined,
    called: (...args: never[]) => unknown,
  ): void {
    try {
      const logging = currentLogging();
      if (logging !== this.#logging || this.#handle === undefined) {
        this.#logging = logging;
        this.#handle = logging?.logger(this.name);
      }
      this.#handle?.write(level, message, extras, called);
    } catch {
      // Whatever went wrong, the program goes on.
    }
  }
}
