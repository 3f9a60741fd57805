import type { Counter, Histogram, Meter, Observable, ObservableResult } from '@opentelemetry/api';
import { catalogue, type MetricRow } from './catalogue.ts';

/** Open connections by database. */
export type ReadConnections = () => Iterable<readonly [database: string, count: number]>;

/** The documented instruments that the service's thread records on. */
export interface Instruments {
  readonly httpRequests: Counter;
  readonly httpDuration: Histogram;
  readonly aiRequests: Counter;
  readonly aiDuration: Histogram;
  readonly aiTokens: Counter;
  readonly dbQueries: Counter;
  readonly dbDuration: Histogram;
  readonly logRecords: Counter;
  readonly securityEvents: Counter;
  /** Open connections by database as the explicit API sets them. */
  readonly dbConnections: Map<string, number>;
  /** What drivers have open, asked at each collection. */
  readonly dbConnectionReaders: Set<ReadConnections>;
}

/** What an instrument needs of its row. */
export type InstrumentRow = Pick<MetricRow, 'name' | 'help' | 'kind' | 'unit' | 'boundaries'>;

const counterOf = (meter: Meter, row: InstrumentRow): Counter =>
  meter.createCounter(row.name, { description: row.help, unit: row.unit });

const histogramOf = (meter: Meter, row: InstrumentRow): Histogram =>
  meter.createHistogram(row.name, {
    description: row.help,
    unit: row.unit,
    advice: { explicitBucketBoundaries: [...(row.boundaries ?? [])] },
  });

/** The instrument of a row whose values are read at each collection. */
export function observableOf(
  meter: Meter,
  row: InstrumentRow & { readonly kind: ObservableKind },
): Observable {
  const options = { description: row.help, unit: row.unit };
  switch (row.kind) {
    case 'counter':
      return meter.createObservableCounter(row.name, options);
    case 'updown':
      return meter.createObservableUpDownCounter(row.name, options);
    case 'gauge':
      return meter.createObservableGauge(row.name, options);
  }
}

type ObservableKind = 'counter' | 'updown' | 'gauge';
type Catalogue = typeof catalogue;

/** Rows of the catalogue whose values can be read at each collection. */
export type ObservableKey = {
  [Key in keyof Catalogue]: Catalogue[Key]['kind'] extends ObservableKind ? Key : never;
}[keyof Catalogue];

/** Makes the instruments of the catalogue on one meter. Boundaries come by advice: Views leak (sdk-metrics 3.x). */
export function createInstruments(meter: Meter): Instruments {
  const dbConnections = new Map<string, number>();
  const dbConnectionReaders = new Set<ReadConnections>();
  observableOf(meter, catalogue.dbConnections).addCallback((result: ObservableResult) => {
    const counts = new Map<string, number>();
    for (const read of dbConnectionReaders) {
      for (const [database, count] of read()) counts.set(database, (counts.get(database) ?? 0) + count);
    }
    for (const [database, count] of dbConnections) counts.set(database, count);
    for (const [database, count] of counts) result.observe(count, { database });
  });
  return {
    httpRequests: counterOf(meter, catalogue.httpRequests),
    httpDuration: histogramOf(meter, catalogue.httpDuration),
    aiRequests: counterOf(meter, catalogue.aiRequests),
    aiDuration: histogramOf(meter, catalogue.aiDuration),
    aiTokens: counterOf(meter, catalogue.aiTokens),
    dbQueries: counterOf(meter, catalogue.dbQueries),
    dbDuration: histogramOf(meter, catalogue.dbDuration),
    logRecords: counterOf(meter, catalogue.logRecords),
    securityEvents: counterOf(meter, catalogue.securityEvents),
    dbConnections,
    dbConnectionReaders,
  };
}
