// Hot path: `write` once a log call; below the level it is one comparison.
import type { Attributes, Logger, SeverityNumber } from '@opentelemetry/api';
import { activeContext } from './active-context.ts';
import { callerOf } from './code-location.ts';
import { toAnyValue, toAttributes } from './extras.ts';
import { type Level, severityNumbers } from './levels.ts';
import type { LogProcessor } from './log-processor.ts';
import { securityEventName, securityEventOf } from './security-event.ts';

export interface LogHandleOptions {
  readonly name: string;
  readonly logger: Logger;
  readonly processor: LogProcessor;
  readonly lowest: SeverityNumber;
  readonly withPlace: boolean;
  readonly onSecurityEvent: (event: string) => void;
}

/** What a log call goes through: makes an OpenTelemetry record of it. */
export class LogHandle {
  readonly name: string;
  readonly #logger: Logger;
  readonly #processor: LogProcessor;
  readonly #lowest: SeverityNumber;
  readonly #withPlace: boolean;
  readonly #onSecurityEvent: ((event: string) => void) | undefined;

  constructor(options: LogHandleOptions) {
    this.name = options.name;
    this.#logger = options.logger;
    this.#processor = options.processor;
    this.#lowest = options.lowest;
    this.#withPlace = options.withPlace;
    this.#onSecurityEvent = options.name === 'security' ? options.onSecurityEvent : undefined;
  }

  isEnabled(level: Level): boolean {
    return severityNumbers[level] >= this.#lowest;
  }

  /**
   * Records a message, on disk when this returns. `called` is the function that the program called to log: the
   * record carries the place of that call. Never throws.
   */
  write(level: Level, message: unknown, extras: unknown, called: (...args: never[]) => unknown): void {
    const severityNumber = severityNumbers[level];
    if (severityNumber < this.#lowest) return;
    let attributes = toAttributes(extras);
    let body = message;
    if (typeof message !== 'string') {
      if (message instanceof Error) attributes = { ...toAttributes(message), ...attributes };
      body = message instanceof Error ? `${message.name}: ${message.message}` : toAnyValue(message);
    }
    if (this.#onSecurityEvent && attributes?.['event'] !== undefined) {
      this.#writeEvent(severityNumber, level, body as string, attributes, called);
      return;
    }
    this.#emit(severityNumber, level, body as string, attributes, called, undefined);
  }

  #writeEvent(
    severityNumber: SeverityNumber,
    level: Level,
    body: string,
    attributes: Attributes,
    called: (...args: never[]) => unknown,
  ): void {
    const { event, ...others } = attributes;
    const name = securityEventOf(event);
    if (name === undefined) {
      this.#emit(severityNumber, level, body, attributes, called, undefined);
      return;
    }
    const eventName = securityEventName(name);
    // Loki up to 3.7 stores no event name: the attribute says it again.
    this.#emit(severityNumber, level, body, { 'otel.event.name': eventName, ...others }, called, eventName);
    try {
      this.#onSecurityEvent?.(name);
    } catch {
      // A counter that fails must not reach the program.
    }
  }

  #emit(
    severityNumber: SeverityNumber,
    level: Level,
    body: string,
    attributes: Attributes | undefined,
    called: (...args: never[]) => unknown,
    eventName: string | undefined,
  ): void {
    const code = this.#withPlace ? callerOf(called) : undefined;
    const context = activeContext();
    this.#processor.code = code;
    this.#logger.emit({
      severityNumber,
      severityText: level,
      body,
      context,
      ...(attributes && { attributes }),
      ...(eventName !== undefined && { eventName }),
    });
    this.#processor.code = undefined;
  }
}
