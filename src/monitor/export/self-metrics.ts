import { type HrTime, type Meter, type ObservableResult, ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { MetricRow } from '../../metrics/catalogue.ts';
import { observableOf } from '../../metrics/instruments.ts';
import { SCOPE } from '../../metrics/scope.ts';

/** A row of the catalogue about the monitor itself, with how its value is read at each collection. */
export interface SelfMetric extends Pick<MetricRow, 'name' | 'help' | 'unit'> {
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
    observableOf(meter, row).addCallback(async (result) => observe(result, await row.read()));
  }
}

async function toMetricData(row: SelfMetric, startTime: HrTime): Promise<MetricData> {
  const value = await row.read();
  const values = typeof value === 'number' ? [{ labels: {}, value }] : (value ?? []);
  const endTime = hrTime();
  const dataPoints = values.map((entry) => ({
    startTime,
    endTime,
    attributes: entry.labels,
    value: entry.value,
  }));
  const descriptor = { name: row.name, description: row.help, unit: row.unit, valueType: ValueType.DOUBLE };
  const aggregationTemporality = AggregationTemporality.CUMULATIVE;
  return row.kind === 'gauge'
    ? { descriptor, aggregationTemporality, dataPoints, dataPointType: DataPointType.GAUGE }
    : { descriptor, aggregationTemporality, dataPoints, dataPointType: DataPointType.SUM, isMonotonic: true };
}

/**
 * The rows as a `MetricProducer`, for those whose series come and go: an observable instrument of the SDK goes on
 * showing the last value of a series that is no longer observed (an alert would be pending and firing at once). Rows
 * may be added later. `startTime`: since when the counters count.
 */
export function selfMetricsProducer(
  rows: readonly SelfMetric[],
  startTime: HrTime = hrTime(),
): MetricProducer {
  const resource = resourceFromAttributes({});
  return {
    async collect() {
      const metrics = await Promise.all(rows.map((row) => toMetricData(row, startTime)));
      return {
        resourceMetrics: { resource, scopeMetrics: [{ scope: { name: SCOPE }, metrics }] },
        errors: [],
      };
    },
  };
}
