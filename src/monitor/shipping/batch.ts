import { type Attributes, isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { levelOfSeverity } from '../../logging/record/levels.ts';
import type { DecodedEntry, SegmentHeader } from '../../spool/record-line.ts';

type Scope = ReadableLogRecord['instrumentationScope'];

function spanContextOf({ traceId, spanId, traceFlags }: DecodedEntry): SpanContext | undefined {
  if (traceId === '') return undefined;
  const spanContext = { traceId, spanId, traceFlags };
  return isSpanContextValid(spanContext) ? spanContext : undefined;
}

function attributesOf(entry: DecodedEntry): Attributes {
  const attributes = Object.create(null) as Attributes;
  Object.assign(attributes, entry.attributes);
  attributes['application'] = entry.application;
  attributes['log.record.uid'] = entry.uid;
  if (entry.code) {
    const { functionName, filePath, line } = entry.code;
    if (functionName !== '') attributes['code.function.name'] = functionName;
    attributes['code.file.path'] = filePath;
    attributes['code.line.number'] = line;
  }
  return attributes;
}

/** Makes the records of one segment into what OpenTelemetry's exporter takes; equal resources and scopes are one object, by which it groups. */
export class RecordMaker {
  readonly #resource: Resource;
  readonly #scopes = new Map<string, Scope>();

  constructor(header: SegmentHeader) {
    this.#resource = resourceFromAttributes(header.resource);
  }

  make(entry: DecodedEntry): ReadableLogRecord {
    const ms = entry.atMs % 1000;
    const hrTime: [number, number] = [(entry.atMs - ms) / 1000, ms * 1_000_000 + entry.subNs];
    const spanContext = spanContextOf(entry);
    return {
      hrTime,
      hrTimeObserved: hrTime,
      severityNumber: entry.severity,
      severityText: levelOfSeverity(entry.severity),
      body: entry.body,
      attributes: attributesOf(entry),
      droppedAttributesCount: 0,
      resource: this.#resource,
      instrumentationScope: this.#scopeOf(entry.logger, entry.version),
      ...(spanContext && { spanContext }),
      ...(entry.eventName !== '' && { eventName: entry.eventName }),
    };
  }

  #scopeOf(name: string, version: string): Scope {
    const key = `${name}\n${version}`;
    const known = this.#scopes.get(key);
    if (known) return known;
    const scope: Scope = version === '' ? { name } : { name, version };
    this.#scopes.set(key, scope);
    return scope;
  }
}
