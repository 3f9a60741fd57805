import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Page } from '../http/http-server.ts';

/** Prometheus text format 0.0.4. The exporter's own server answers without version and charset, so it is not started. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricsPage {
  /** The reader of the monitor's `MeterProvider`. */
  readonly reader: PrometheusExporter;
  render(): Promise<Page>;
}

/** The attributes of the resource that everyone who scrapes may see; others may hold secrets. */
const SHOWN_ATTRIBUTES = [
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'telemetry.sdk.language',
  'telemetry.sdk.name',
  'telemetry.sdk.version',
  'telemetry.distro.name',
  'telemetry.distro.version',
];

/**
 * /metrics in the documented names and labels: no scope labels, no suffixes. `furtherAttributes`: what `target_info`
 * shows besides the attributes of service and SDK.
 */
export function createMetricsPage(
  producers: readonly MetricProducer[],
  furtherAttributes: readonly string[] = [],
): MetricsPage {
  const shown = new Set([...SHOWN_ATTRIBUTES, ...furtherAttributes]);
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [...producers] });
  const serializer = new PrometheusSerializer('', false, undefined, false, true);
  return {
    reader,
    async render(): Promise<Page> {
      const { resourceMetrics } = await reader.collect();
      const attributes = Object.entries(resourceMetrics.resource.attributes).filter(([name]) =>
        shown.has(name),
      );
      const resource = resourceFromAttributes(Object.fromEntries(attributes));
      return { contentType: CONTENT_TYPE, body: serializer.serialize({ ...resourceMetrics, resource }) };
    },
  };
}
