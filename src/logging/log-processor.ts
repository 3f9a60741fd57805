// Hot path: `onEmit` once a record, from the app's loggers and from any other that reaches the provider.
import type { AnyValue, Attributes, SeverityNumber } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { boundedName } from '../own-log/bounded-name.ts';
import { toAnyValue } from './record/extras.ts';
import { type Level, levelOfSeverity } from './record/levels.ts';
import { cut, limits } from './record/limits.ts';
import type { CodeLocation, LogEntry } from '../spool/record.ts';
import type { RecordClock } from './record/record-clock.ts';
import type { RedactedJson } from './redaction/redacted-json.ts';
import type { RedactText } from './redaction/redaction.ts';
import { severityNumbers } from './record/severity-numbers.ts';

const NS_PER_MS = 1_000_000;
/** The latest time of a JavaScript date. */
const MAX_DATE_MS = 8.64e15;
/** OpenTelemetry's severity numbers; anything else is none. */
const levels: ReadonlySet<number> = new Set(Array.from({ length: 24 }, (_, index) => index + 1));

export interface LogProcessorOptions {
  readonly clock: RecordClock;
  readonly redact: RedactText;
  readonly json: RedactedJson;
  /** Whether the attributes are written anywhere. */
  readonly withAttributes: boolean;
  /** Name of a logger → label and file name. */
  readonly applicationOf: (name: string) => string;
  /** Name of a logger → the name as it is written. */
  readonly shownName: (name: string) => string;
  readonly write: (entry: LogEntry, nowMs: number) => void;
  readonly onRecord: (application: string, level: Level) => void;
  /** Something in here failed; the record is lost. */
  readonly onFailure: (error: unknown) => void;
}

function bodyText(body: AnyValue, redact: RedactText, json: RedactedJson): string {
  if (typeof body === 'string') return redact(cut(body, limits.bodyChars));
  if (body === undefined || body === null) return '';
  return cut(json.value(toAnyValue(body)), limits.bodyChars);
}

function severityOf(value: SeverityNumber | undefined): SeverityNumber {
  return value === undefined || levels.has(value) ? (value ?? severityNumbers.INFO) : severityNumbers.INFO;
}

const text = (value: AnyValue): string => (typeof value === 'string' ? value : '');

/** The location that a foreign record names by OpenTelemetry's conventions. */
function codeOf(attributes: Attributes): CodeLocation | undefined {
  const filePath = attributes['code.file.path'];
  if (typeof filePath !== 'string') return undefined;
  const functionName = text(attributes['code.function.name']);
  const number = Number(attributes['code.line.number'] ?? 0);
  const line = Number.isSafeInteger(number) ? number : 0;
  return { functionName, filePath, line, json: JSON.stringify([functionName, filePath, line]) };
}

/**
 * The end of the pipeline of `@opentelemetry/sdk-logs` in this package: makes of each record what is kept of it
 * (redacted, bounded, with its time and uid) and hands it on, before the log call returns. Never throws.
 */
export class LogProcessor implements LogRecordProcessor {
  readonly #options: LogProcessorOptions;
  /**
   * What our own loggers hand over beside the SDK's record, set while one of them emits. Their attributes are
   * bounded already; the SDK would check and copy them at 0.25 µs each.
   */
  ownAttributes: Attributes | undefined;
  ownLocation: CodeLocation | undefined;

  constructor(options: LogProcessorOptions) {
    this.#options = options;
  }

  onEmit(record: ReadWriteLogRecord): void {
    const { clock, write, onRecord, onFailure } = this.#options;
    try {
      clock.next();
      const entry = this.#entryOf(record);
      write(entry, clock.atMs);
      onRecord(entry.application, levelOfSeverity(entry.severity));
    } catch (error) {
      onFailure(error);
    }
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }

  #entryOf(record: ReadWriteLogRecord): LogEntry {
    const { clock, redact, json, applicationOf, shownName } = this.#options;
    const { instrumentationScope, spanContext, hrTime, hrTimeObserved } = record;
    const own = this.ownAttributes;
    const attributes = own ?? record.attributes;
    const logger = boundedName(shownName(instrumentationScope.name), limits.keyChars);
    const { 'exception.stacktrace': stack } = attributes;
    // The SDK gives both times the same value where the program named none.
    const isSame = hrTime[0] === hrTimeObserved[0] && hrTime[1] === hrTimeObserved[1];
    const subNs = Math.floor(hrTime[1]) % NS_PER_MS;
    const atMs = Math.floor(hrTime[0] * 1000 + (hrTime[1] - subNs) / NS_PER_MS);
    const isOwnTime = isSame || !(atMs >= 0 && atMs <= MAX_DATE_MS && subNs >= 0);
    return {
      atMs: isOwnTime ? clock.atMs : atMs,
      subNs: isOwnTime || subNs === 0 ? clock.subNs : subNs,
      severity: severityOf(record.severityNumber),
      logger,
      // Never from the attributes: extras may come from a client.
      application: applicationOf(logger),
      version: String(instrumentationScope.version ?? ''),
      body: bodyText(record.body, redact, json),
      uid: clock.uid,
      code: own ? this.ownLocation : codeOf(attributes),
      traceId: spanContext?.traceId ?? '',
      spanId: spanContext?.spanId ?? '',
      traceFlags: spanContext?.traceFlags ?? 0,
      eventName: record.eventName === undefined ? '' : redact(cut(String(record.eventName), limits.keyChars)),
      stack: typeof stack === 'string' ? redact(stack) : '',
      attributesJson: this.#options.withAttributes ? json.attributes(attributes) : '',
    };
  }
}
