import type { Meter, ObservableResult } from '@opentelemetry/api';

/** One value that the monitor tells of itself, read at each collection. */
export interface SelfMetric {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  /** Undefined: nothing to show yet. May be awaited, so that a value fits the collection it is part of. */
  read(): SelfValue | Promise<SelfValue>;
}

type SelfValue =
  number | undefined | readonly { readonly labels: Record<string, string>; readonly value: number }[];

function observe(result: ObservableResult, value: SelfValue): void {
  if (typeof value === 'number') result.observe(value);
  else value?.forEach((entry) => result.observe(entry.value, entry.labels));
}

/** Makes an observable instrument of each row. */
export function registerSelfMetrics(meter: Meter, rows: readonly SelfMetric[]): void {
  for (const row of rows) {
    const options = { description: row.help };
    const instrument =
      row.kind === 'counter'
        ? meter.createObservableCounter(row.name, options)
        : meter.createObservableGauge(row.name, options);
    instrument.addCallback(async (result) => observe(result, await row.read()));
  }
}
