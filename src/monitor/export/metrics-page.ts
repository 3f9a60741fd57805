import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Page } from '../http/http-server.ts';

/** Prometheus text format 0.0.4. The exporter's own server answers without version and charset, so it is not started. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricsPage {
  /** The reader of the monitor's `MeterProvider`. */
  readonly reader: PrometheusExporter;
  render(): Promise<Page>;
}

/** /metrics in the documented names and labels: no scope labels, no suffixes. */
export function createMetricsPage(producers: readonly MetricProducer[]): MetricsPage {
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [...producers] });
  const serializer = new PrometheusSerializer('', false, undefined, false, true);
  return {
    reader,
    async render(): Promise<Page> {
      const { resourceMetrics } = await reader.collect();
      return { contentType: CONTENT_TYPE, body: serializer.serialize(resourceMetrics) };
    },
  };
}
