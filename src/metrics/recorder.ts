// Hot path: per database query, AI call and log record. Per call: one Set and one Map lookup per label; the label
// objects are made once per series.
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { HttpSeries } from './http-series.ts';
import type { Instruments, ReadConnections } from './instruments.ts';
import type { LabelLimit } from './label-limit.ts';
import { LabelSets } from './label-sets.ts';
import type { AiRequest, Recording } from './recording.ts';
import { queryType } from './query-type.ts';

/** The label limits of one process; each bounds its label over all instruments. */
export interface LabelLimits {
  readonly endpoint: LabelLimit;
  readonly model: LabelLimit;
  readonly database: LabelLimit;
  readonly application: LabelLimit;
  readonly event: LabelLimit;
}

/** RFC 9110 and RFC 5789; everything else becomes `_OTHER` (HTTP semantic conventions). */
const HTTP_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

/**
 * Records on the documented instruments with their labels bounded. Bad numbers (NaN, negative, infinite) are
 * left out: one of them would spoil a sum for the life of the process.
 */
export class Recorder implements Recording {
  readonly instruments: Instruments;
  readonly limits: LabelLimits;
  readonly #http = new Map<string, Map<string, HttpSeries>>();
  readonly #model = new LabelSets('model');
  readonly #modelStatus = new LabelSets('model', 'status');
  readonly #modelType = new LabelSets('model', 'type');
  readonly #databaseType = new LabelSets('database', 'type');
  readonly #applicationLevel = new LabelSets('application', 'level');
  readonly #event = new LabelSets('event');

  constructor(instruments: Instruments, limits: LabelLimits) {
    this.instruments = instruments;
    this.limits = limits;
  }

  /**
   * The series of an endpoint, a route template and never a path, and a method: the same one for the same values. Two
   * Map lookups once it is known.
   */
  http(endpoint: string, method: string): HttpSeries {
    return this.#http.get(endpoint)?.get(method) ?? this.#httpSeries(endpoint, method);
  }

  #httpSeries(endpoint: string, method: string): HttpSeries {
    const known = HTTP_METHODS.has(method) ? method : '_OTHER';
    const bounded = this.limits.endpoint.bound(endpoint);
    if (bounded !== endpoint || known !== method) {
      const found = this.#http.get(bounded)?.get(known);
      if (found) return found;
    }
    const series = new HttpSeries(this.instruments, known, bounded);
    const byMethod = this.#http.get(bounded);
    if (byMethod) byMethod.set(known, series);
    else this.#http.set(bounded, new Map([[known, series]]));
    return series;
  }

  aiRequest(request: AiRequest): void {
    const model = this.limits.model.bound(request.model);
    const { aiRequests, aiDuration, aiTokens } = this.instruments;
    const { durationSeconds, inputTokens, outputTokens } = request;
    aiRequests.add(1, this.#modelStatus.of(model, request.status), ROOT_CONTEXT);
    if (isAmount(durationSeconds)) aiDuration.record(durationSeconds, this.#model.of(model), ROOT_CONTEXT);
    if (isAmount(inputTokens)) aiTokens.add(inputTokens, this.#modelType.of(model, 'input'), ROOT_CONTEXT);
    if (isAmount(outputTokens)) aiTokens.add(outputTokens, this.#modelType.of(model, 'output'), ROOT_CONTEXT);
  }

  /** `type` is a verb of the closed list or a statement to take it from; anything else counts as `OTHER`. */
  query(database: string, type: string, durationSeconds: number): void {
    const labels = this.#databaseType.of(this.limits.database.bound(database), queryType(type));
    this.instruments.dbQueries.add(1, labels, ROOT_CONTEXT);
    if (isAmount(durationSeconds)) this.instruments.dbDuration.record(durationSeconds, labels, ROOT_CONTEXT);
  }

  connections(database: string, count: number): void {
    if (isAmount(count)) this.instruments.dbConnections.set(this.limits.database.bound(database), count);
  }

  /**
   * Open connections that are read at each collection; several of one database are added up, and what `connections`
   * has set for it counts instead of them. Returns how to read them no more.
   */
  readConnections(read: ReadConnections): () => void {
    const limit = this.limits.database;
    const reader: ReadConnections = function* bounded(this: void) {
      for (const [database, count] of read()) if (isAmount(count)) yield [limit.bound(database), count];
    };
    this.instruments.dbConnectionReaders.add(reader);
    return () => this.instruments.dbConnectionReaders.delete(reader);
  }

  logRecord(application: string, level: string): void {
    const labels = this.#applicationLevel.of(this.limits.application.bound(application), level);
    this.instruments.logRecords.add(1, labels, ROOT_CONTEXT);
  }

  securityEvent(event: string): void {
    this.instruments.securityEvents.add(1, this.#event.of(this.limits.event.bound(event)), ROOT_CONTEXT);
  }
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value !== Number.POSITIVE_INFINITY;
