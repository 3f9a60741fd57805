import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Page } from '../http/http-server.ts';
import { textPage } from './text-page.ts';

/** Prometheus text format 0.0.4. The exporter's own server answers without version and charset, so it is not started; its
 * serializer takes twice the time and writes what Prometheus refuses. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Requests of so short a time get the same page: many at once cost no more than one. */
const SHARED_MS = 50;

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
  let rendering: { readonly page: Promise<Page>; readonly atMs: number } | undefined;
  async function render(): Promise<Page> {
    const { resourceMetrics } = await reader.collect();
    const attributes = Object.entries(resourceMetrics.resource.attributes).filter(([name]) =>
      shown.has(name),
    );
    const resource = resourceFromAttributes(Object.fromEntries(attributes));
    return { contentType: CONTENT_TYPE, body: textPage({ ...resourceMetrics, resource }) };
  }
  return {
    reader,
    render() {
      const nowMs = performance.now();
      if (!rendering || nowMs - rendering.atMs >= SHARED_MS) rendering = { page: render(), atMs: nowMs };
      return rendering.page;
    },
  };
}
