import type { Logger, LoggerOptions } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { boundedName } from '../own-log/bounded-name.ts';
import { OTHER } from '../spool/logger-names.ts';
import { limits } from './record/limits.ts';

/** The SDK keeps a logger for each name for ever. */
const MAX_LOGGERS = 2000;

/** OpenTelemetry's provider, in which endless names share one logger. */
export class BoundedLoggerProvider extends LoggerProvider {
  readonly #known = new Set<string>();

  override getLogger(name: string, version?: string, options?: LoggerOptions): Logger {
    const bounded = boundedName(String(name), limits.keyChars);
    const key = `${bounded}@${version ?? ''}`;
    if (!this.#known.has(key)) {
      if (this.#known.size >= MAX_LOGGERS) return super.getLogger(OTHER);
      this.#known.add(key);
    }
    return super.getLogger(bounded, version, options);
  }
}
