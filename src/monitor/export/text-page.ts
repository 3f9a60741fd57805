// Hot path of a scrape: the labels of a series are written once and kept beside its attributes, which stay the same
// object over collections; per sample one string is joined.
import type { Attributes } from '@opentelemetry/api';
import {
  DataPointType,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { prometheusName } from '../../samples/from-metrics.ts';

const TYPES: Readonly<Record<DataPointType, string | undefined>> = {
  [DataPointType.HISTOGRAM]: 'histogram',
  [DataPointType.EXPONENTIAL_HISTOGRAM]: undefined,
  [DataPointType.GAUGE]: 'gauge',
  [DataPointType.SUM]: 'counter',
};

const escapeText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeValue = (text: string): string => escapeText(text).replaceAll('"', '\\"');
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
/** Attributes of resources have dots; those of metrics come here under names that Prometheus takes. */
const nameOf = (key: string): string => key.replaceAll(/[^a-zA-Z0-9_]/g, '_');

function pairsOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${nameOf(key)}="${escapeValue(textOf(value))}"`)
    .join(',');
}

const written = new WeakMap<Attributes, string>();

/** `method="GET",status="200"`; empty without labels. */
function pairs(attributes: Attributes): string {
  let text = written.get(attributes);
  if (text === undefined) {
    text = pairsOf(attributes);
    written.set(attributes, text);
  }
  return text;
}

const numberText = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);

const inBraces = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

function histogramText(name: string, labels: string, { buckets, count, sum }: Histogram): string {
  const { boundaries, counts } = buckets;
  const open = labels === '' ? '{' : `{${labels},`;
  let text = `${name}_count${inBraces(labels)} ${count}\n`;
  if (sum !== undefined) text += `${name}_sum${inBraces(labels)} ${numberText(sum)}\n`;
  let cumulative = 0;
  for (const [at, bound] of boundaries.entries()) {
    if (bound === Number.POSITIVE_INFINITY) break;
    cumulative += counts[at] ?? 0;
    text += `${name}_bucket${open}le="${bound}"} ${cumulative}\n`;
  }
  return `${text}${name}_bucket${open}le="+Inf"} ${count}\n`;
}

function metricText(metric: MetricData): string {
  const { dataPointType, dataPoints, descriptor } = metric;
  const isUpDown = dataPointType === DataPointType.SUM && !metric.isMonotonic;
  const type = isUpDown ? 'gauge' : TYPES[dataPointType];
  if (type === undefined || dataPoints.length === 0) return '';
  const name = prometheusName(metric);
  let text = `# HELP ${name} ${escapeText(descriptor.description || 'description missing')}\n`;
  if (descriptor.unit !== '') text += `# UNIT ${name} ${escapeText(descriptor.unit)}\n`;
  text += `# TYPE ${name} ${type}\n`;
  for (const { attributes, value } of dataPoints) {
    const labels = pairs(attributes);
    text +=
      typeof value === 'number'
        ? `${name}${inBraces(labels)} ${numberText(value)}\n`
        : histogramText(name, labels, value as Histogram);
  }
  return text;
}

/** Collected metrics in the text format of Prometheus, version 0.0.4, with the resource as `target_info`. */
export function textPage({ resource, scopeMetrics }: ResourceMetrics): string {
  const info = pairsOf(resource.attributes);
  let text = `# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info${inBraces(info)} 1\n`;
  for (const { metrics } of scopeMetrics) for (const metric of metrics) text += metricText(metric);
  return text;
}
