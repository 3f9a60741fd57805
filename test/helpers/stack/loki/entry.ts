import type { LokiLimits } from './limits.ts';

/** An attribute value of OTLP/JSON; exactly one member is set. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

export interface OtlpLogRecord {
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: OtlpValue;
  readonly attributes?: readonly OtlpAttribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

export interface OtlpLogs {
  readonly resourceLogs?: readonly {
    readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
    readonly scopeLogs?: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string };
      readonly logRecords?: readonly OtlpLogRecord[];
    }[];
  }[];
}

type Pairs = Readonly<Record<string, string>>;

/** A log line as Loki keeps it. */
export interface LokiEntry {
  readonly labels: Pairs;
  readonly metadata: Pairs;
  readonly line: string;
  readonly atNs: bigint;
}

function asString(value: OtlpValue): string {
  if (value.arrayValue) return JSON.stringify((value.arrayValue.values ?? []).map(asString));
  return String(value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ?? '');
}

/** Whatever is not a letter, a digit or `_` becomes `_`, and nested values are joined by it. */
function flatten(attributes: readonly OtlpAttribute[], prefix = ''): readonly (readonly [string, string])[] {
  return attributes.flatMap(({ key, value }) => {
    const name = `${prefix}${key}`.replaceAll(/\W/g, '_');
    if (value.kvlistValue) return flatten(value.kvlistValue.values ?? [], `${name}_`);
    return [[name, asString(value)] as const];
  });
}

interface Split {
  readonly labels: Pairs;
  readonly rest: Pairs;
}

function split(attributes: readonly OtlpAttribute[], labels: ReadonlySet<string>): Split {
  return {
    labels: Object.fromEntries(flatten(attributes.filter(({ key }) => labels.has(key)))),
    rest: Object.fromEntries(flatten(attributes.filter(({ key }) => !labels.has(key)))),
  };
}

function withoutEmpty(pairs: Readonly<Record<string, string | undefined>>): Pairs {
  return Object.fromEntries(
    Object.entries(pairs).filter(([, value]) => value !== undefined && value !== ''),
  ) as Pairs;
}

/**
 * Converts as https://grafana.com/docs/loki/latest/send-data/otel/#format-considerations says: chosen attributes
 * are labels, the body is the line, all else is structured metadata.
 */
export function lokiEntries(logs: OtlpLogs, limits: LokiLimits, receivedNs: bigint): readonly LokiEntry[] {
  const entries: LokiEntry[] = [];
  for (const { resource, scopeLogs = [] } of logs.resourceLogs ?? []) {
    const ofResource = split(resource?.attributes ?? [], limits.resourceLabels);
    const service = ofResource.labels['service_name'] ?? 'unknown_service';
    for (const { scope, logRecords = [] } of scopeLogs) {
      for (const record of logRecords) {
        const ofRecord = split(record.attributes ?? [], limits.logLabels);
        const atNs =
          BigInt(record.timeUnixNano ?? 0) || BigInt(record.observedTimeUnixNano ?? 0) || receivedNs;
        entries.push({
          labels: { ...ofResource.labels, ...ofRecord.labels, service_name: service },
          metadata: withoutEmpty({
            ...ofResource.rest,
            ...ofRecord.rest,
            scope_name: scope?.name,
            scope_version: scope?.version,
            severity_text: record.severityText,
            severity_number: record.severityNumber === undefined ? undefined : String(record.severityNumber),
            observed_timestamp: record.observedTimeUnixNano,
            trace_id: record.traceId,
            span_id: record.spanId,
          }),
          line: record.body ? asString(record.body) : '',
          atNs,
        });
      }
    }
  }
  return entries;
}

const byteLength = (text: string): number => Buffer.byteLength(text);

/** Bytes that count for the rate limits: the line and its structured metadata. */
export function entryBytes({ line, metadata }: LokiEntry): number {
  const pairs = Object.entries(metadata);
  return (
    byteLength(line) + pairs.reduce((sum, [name, value]) => sum + byteLength(name) + byteLength(value), 0)
  );
}
