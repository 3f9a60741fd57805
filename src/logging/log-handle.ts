// Hot path: `write` once a log call; below the level it is one comparison.
import type { AnyValue, Attributes, Logger, LogRecord, SeverityNumber } from '@opentelemetry/api';
import { activeContext } from './record/active-context.ts';
import { toAnyValue, toAttributes } from './record/extras.ts';
import type { Level } from './record/levels.ts';
import type { LogProcessor } from './log-processor.ts';
import type { LogWriter } from './log-writer.ts';
import type { RedactText } from './redaction/redaction.ts';
import type { CodeLocation } from '../spool/record.ts';
import { securityEventName, securityEventOf } from './record/security-event.ts';
import { severityNumbers } from './record/severity-numbers.ts';

export interface LogHandleOptions {
  readonly name: string;
  readonly logger: Logger;
  readonly processor: LogProcessor;
  readonly lowest: SeverityNumber;
  readonly withLocation: boolean;
  readonly redact: RedactText;
  readonly onSecurityEvent: (event: string) => void;
}

const NO_ATTRIBUTES: Attributes = {};

/** What a log call goes through: makes an OpenTelemetry record of it. */
export class LogHandle implements LogWriter {
  readonly name: string;
  /** Whether records carry the location of their log call: the caller of `write` then finds it. */
  readonly withLocation: boolean;
  readonly #logger: Logger;
  readonly #processor: LogProcessor;
  readonly #lowest: SeverityNumber;
  readonly #redact: RedactText;
  readonly #onSecurityEvent: ((event: string) => void) | undefined;
  /** Time of the record that is being written, where it is not now. */
  #atMs: number | undefined;

  constructor(options: LogHandleOptions) {
    this.name = options.name;
    this.withLocation = options.withLocation;
    this.#logger = options.logger;
    this.#processor = options.processor;
    this.#lowest = options.lowest;
    this.#redact = options.redact;
    this.#onSecurityEvent = options.name === 'security' ? options.onSecurityEvent : undefined;
  }

  isEnabled(level: Level): boolean {
    return severityNumbers[level] >= this.#lowest;
  }

  /**
   * Records a message, whatever its level; it is on disk when this returns. Never throws. `atMs`: when it was logged,
   * where that was not now.
   */
  write(
    level: Level,
    message: unknown,
    extras: unknown,
    location: CodeLocation | undefined,
    atMs?: number,
  ): void {
    this.#atMs = atMs;
    try {
      const attributes = toAttributes(extras);
      if (typeof message !== 'string') this.#writeOther(level, message, attributes, location);
      else if (this.#onSecurityEvent === undefined || attributes?.['event'] === undefined)
        this.#emit(level, message, attributes, location, undefined);
      else this.#writeEvent(level, message, attributes, location);
    } catch {
      // Whatever went wrong, the program goes on.
    }
  }

  /** An error as the message is written with its name; anything else as it is. */
  #writeOther(
    level: Level,
    message: unknown,
    attributes: Attributes | undefined,
    location: CodeLocation | undefined,
  ): void {
    if (message instanceof Error) {
      const both = { ...toAttributes(message), ...attributes };
      this.#emit(level, `${message.name}: ${message.message}`, both, location, undefined);
    } else {
      this.#emit(level, toAnyValue(message), attributes, location, undefined);
    }
  }

  #writeEvent(
    level: Level,
    message: string,
    attributes: Attributes,
    location: CodeLocation | undefined,
  ): void {
    const { event, ...others } = attributes;
    // Before its signs become `_`: `token=…` is no name.
    const name = securityEventOf(typeof event === 'string' ? this.#redact(event) : event);
    if (name === undefined) {
      this.#emit(level, message, attributes, location, undefined);
      return;
    }
    const eventName = securityEventName(name);
    // Loki up to 3.7 does not store the event name: the attribute repeats it.
    this.#emit(level, message, { 'otel.event.name': eventName, ...others }, location, eventName);
    this.#onSecurityEvent?.(name);
  }

  #emit(
    level: Level,
    body: AnyValue,
    attributes: Attributes | undefined,
    location: CodeLocation | undefined,
    eventName: string | undefined,
  ): void {
    const record: LogRecord = {
      severityNumber: severityNumbers[level],
      severityText: level,
      body,
      context: activeContext(),
    };
    if (eventName !== undefined) record.eventName = eventName;
    if (this.#atMs !== undefined) record.timestamp = new Date(this.#atMs);
    const processor = this.#processor;
    processor.ownAttributes = attributes ?? NO_ATTRIBUTES;
    processor.ownLocation = location;
    try {
      this.#logger.emit(record);
    } finally {
      processor.ownAttributes = undefined;
    }
  }
}
