import { alertMetrics } from './catalogue/alerts.ts';
import { documentedMetrics } from './catalogue/documented.ts';
import { logMetrics } from './catalogue/logs.ts';
import type { MetricRow } from './catalogue/metric-row.ts';
import { containerMetrics, monitorMetrics, scrapeMetrics } from './catalogue/monitor.ts';
import { runtimeMetrics } from './catalogue/runtime.ts';
import { sourceMetrics } from './catalogue/sources.ts';

export type { MetricRow } from './catalogue/metric-row.ts';

/** Every metric of the package, ours about ourselves too. A metric that is not here must not appear on /metrics. */
export const catalogue = {
  ...documentedMetrics,
  ...runtimeMetrics,
  ...sourceMetrics,
  ...logMetrics,
  ...alertMetrics,
  ...containerMetrics,
  ...monitorMetrics,
  ...scrapeMetrics,
} as const;

/** All rows in the order of the catalogue. */
export const metricRows: readonly MetricRow[] = Object.values(catalogue);
