// Hot path: one look at the slot of the process's logging a call.
// oxlint-disable typescript/unbound-method -- methods are passed for their identity only, to find their caller
import { callerOf } from './record/code-location.ts';
import { currentLogging } from './current-logging.ts';
import { type Level, type LevelInput, toLevel } from './record/levels.ts';
import type { Loggers, LogWriter } from './log-writer.ts';

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
  #logging: Loggers | undefined;
  #handle: LogWriter | undefined;

  constructor(name: string) {
    this.name = String(name);
  }

  /** `level`: a documented name in any case, or Python's numbers 10 to 50. */
  log(level: LevelInput, message: string, extras?: LogExtras): void {
    const known = toLevel(level);
    const handle = this.#handleFor(known);
    handle?.write(known, message, extras, handle.withLocation ? callerOf(this.log) : undefined);
  }

  debug(message: string, extras?: LogExtras): void {
    const handle = this.#handleFor('DEBUG');
    handle?.write('DEBUG', message, extras, handle.withLocation ? callerOf(this.debug) : undefined);
  }

  info(message: string, extras?: LogExtras): void {
    const handle = this.#handleFor('INFO');
    handle?.write('INFO', message, extras, handle.withLocation ? callerOf(this.info) : undefined);
  }

  warning(message: string, extras?: LogExtras): void {
    const handle = this.#handleFor('WARNING');
    handle?.write('WARNING', message, extras, handle.withLocation ? callerOf(this.warning) : undefined);
  }

  error(message: string, extras?: LogExtras): void {
    const handle = this.#handleFor('ERROR');
    handle?.write('ERROR', message, extras, handle.withLocation ? callerOf(this.error) : undefined);
  }

  critical(message: string, extras?: LogExtras): void {
    const handle = this.#handleFor('CRITICAL');
    handle?.write('CRITICAL', message, extras, handle.withLocation ? callerOf(this.critical) : undefined);
  }

  /** Undefined when nothing is to be recorded. */
  #handleFor(level: Level): LogWriter | undefined {
    try {
      const logging = currentLogging();
      if (logging !== this.#logging || this.#handle === undefined) {
        this.#logging = logging;
        this.#handle = logging?.logger(this.name);
      }
      return this.#handle?.isEnabled(level) ? this.#handle : undefined;
    } catch {
      return undefined; // Whatever went wrong, the program goes on.
    }
  }
}
