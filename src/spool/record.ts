import type { SeverityNumber } from '@opentelemetry/api';

/** Where a log call is in the program. */
export interface CodeLocation {
  /** Name of the function; empty at the top level of a module and in nameless functions. */
  readonly functionName: string;
  readonly filePath: string;
  readonly line: number;
  /** `["function","file",line]`: the location as it is in a spool line, rendered once per location. */
  readonly json: string;
}

/**
 * One log record, redacted and bounded, as the formatters and the spool take it. The time is `atMs` plus `subNs`
 * nanoseconds (0 to 999,999) and strictly increases within a process.
 */
export interface LogEntry {
  readonly atMs: number;
  readonly subNs: number;
  /** OpenTelemetry severity number, 1 to 24. */
  readonly severity: SeverityNumber;
  /** Name of the logger: the instrumentation scope. */
  readonly logger: string;
  /** The logger as label and in the file name: a safe name of a bounded set, `other` beyond it. */
  readonly application: string;
  readonly version: string;
  readonly body: string;
  /** A ULID (`log.record.uid`). */
  readonly uid: string;
  readonly code: CodeLocation | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly eventName: string;
  /** `exception.stacktrace` of the attributes once more, for the text form; empty without one. */
  readonly stack: string;
  /** The remaining attributes as the inside of a JSON object, `"user":"u1","ms":12`; empty without any. */
  readonly attributesJson: string;
}
