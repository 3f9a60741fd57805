// Hot path: `emit` of the service's OpenTelemetry loggers.
import type { Context, Logger, LogRecord } from '@opentelemetry/api';
import { isRegistered } from './registration.ts';

/** The part of a logger provider that is used; that of the API and that of api-logs are alike. */
export interface LoggerSource {
  getLogger(name: string, version?: string, options?: object): Logger;
}

/** Records that wait for the agent. */
const MAX_KEPT = 1000;
/** Loggers of a process; the SDK keeps them for ever as well. */
const MAX_LOGGERS = 1000;

/** Where every copy of the API of major version 1 registers; contexts of all versions are alike. */
const GLOBAL = Symbol.for('opentelemetry.js.api.1');

function activeContext(): Context | undefined {
  const holder = (globalThis as Record<symbol, unknown>)[GLOBAL] as
    { readonly context?: { active(): Context } } | undefined;
  return holder?.context?.active();
}

/**
 * A logger of the service. Once the service registers a provider, also long after this logger was made, records go where
 * they would have gone without us.
 */
class FallbackLogger implements Logger {
  readonly #provider: FallbackLoggerProvider;
  /** The API's own: that of a provider registered later, if its version of the API finds it. */
  readonly #own: Logger;
  readonly #get: (provider: LoggerSource) => Logger;
  #real: Logger | undefined;

  constructor(provider: FallbackLoggerProvider, own: Logger, get: (provider: LoggerSource) => Logger) {
    this.#provider = provider;
    this.#own = own;
    this.#get = get;
  }

  emit(record: LogRecord): void {
    if (isRegistered('logs')) this.#own.emit(record);
    else if (this.#provider.real) this.#logger(this.#provider.real).emit(record);
    else this.#provider.keep(this, record);
  }

  enabled(options?: Parameters<Logger['enabled']>[0]): boolean {
    // Loggers of older versions have no such method, and are never asked.
    if (isRegistered('logs')) return this.#own.enabled?.(options) ?? true;
    return this.#provider.real ? this.#logger(this.#provider.real).enabled(options) : true;
  }

  #logger(provider: LoggerSource): Logger {
    return (this.#real ??= this.#get(provider));
  }
}

/** The logger provider of a service that registers none. */
export class FallbackLoggerProvider {
  readonly #onUse: () => void;
  readonly #loggers = new Map<string, FallbackLogger>();
  #kept: { readonly logger: FallbackLogger; readonly record: LogRecord }[] = [];
  #real: LoggerSource | undefined;
  dropped = 0;

  constructor(onUse: () => void) {
    this.#onUse = onUse;
  }

  /** Undefined until the agent is there. */
  get real(): LoggerSource | undefined {
    return this.#real;
  }

  /** `own` is what the API itself answers with while nobody is registered. */
  getLogger(own: LoggerSource, name: string, version?: string, options?: object): Logger {
    const { schemaUrl } = { schemaUrl: undefined, ...options };
    const key = JSON.stringify([name, version, schemaUrl]);
    const known = this.#loggers.get(key);
    if (known) return known;
    const logger = new FallbackLogger(this, own.getLogger(name, version, options), (provider) =>
      provider.getLogger(name, version, options),
    );
    if (this.#loggers.size < MAX_LOGGERS) this.#loggers.set(key, logger);
    return logger;
  }

  /** The agent is there: records go to this provider from now on. */
  attach(real: LoggerSource): void {
    this.#real = real;
    const kept = this.#kept;
    this.#kept = [];
    for (const { logger, record } of kept) logger.emit(record);
  }

  /** With the time and the context of the call. */
  keep(logger: FallbackLogger, record: LogRecord): void {
    if (this.#kept.length < MAX_KEPT) {
      const context = record.context ?? activeContext();
      const timestamp = record.timestamp ?? Date.now();
      this.#kept.push({ logger, record: { ...record, timestamp, ...(context && { context }) } });
    } else this.dropped += 1;
    this.#onUse();
  }
}
