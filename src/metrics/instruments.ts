import type { Counter, Histogram, Meter, ObservableResult } from '@opentelemetry/api';
import { catalogue, type InstrumentRow } from './catalogue.ts';

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
  /** Open connections by database, read at each collection. */
  readonly dbConnections: Map<string, number>;
}

const counterOf = (meter: Meter, row: InstrumentRow): Counter =>
  meter.createCounter(row.name, { description: row.help, unit: row.unit });

const histogramOf = (meter: Meter, row: InstrumentRow): Histogram =>
  meter.createHistogram(row.name, {
    description: row.help,
    unit: row.unit,
    advice: { explicitBucketBoundaries: [...(row.boundaries ?? [])] },
  });

/** Makes the instruments of the catalogue on one meter. Boundaries come by advice: Views leak (sdk-metrics 3.x). */
export function createInstruments(meter: Meter): Instruments {
  const dbConnections = new Map<string, number>();
  const { name, help, unit } = catalogue.dbConnections;
  meter
    .createObservableUpDownCounter(name, { description: help, unit })
    .addCallback((result: ObservableResult) => {
      for (const [database, count] of dbConnections) result.observe(count, { database });
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
  };
}
