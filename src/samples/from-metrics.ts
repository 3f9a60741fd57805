// Hot path: runs once per data point and scrape. Labels are built once per attribute set and kept beside it, so that
// a scrape of known series allocates only the samples.
import type { Attributes, HrTime } from '@opentelemetry/api';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { formatBound } from './format-number.ts';
import { Labels, METRIC_NAME } from './labels.ts';

/** One sample of a metric as a scrape of our /metrics page would bring it. */
export interface MetricSample {
  readonly labels: Labels;
  readonly value: number;
  /** Start of the cumulative count, Unix milliseconds. */
  readonly startMs: number;
}

/** `@opentelemetry/exporter-prometheus` writes names so: anything else becomes `_`, runs of `_` become one. */
function sanitize(name: string): string {
  return name.replaceAll(/[^a-z0-9_]/gi, '_').replaceAll(/_{2,}/g, '_');
}

/** The name on our /metrics page: sanitised, `_total` where a counter lacks it, never a unit. */
export function prometheusName(metric: MetricData): string {
  const plain = sanitize(metric.descriptor.name);
  const name = /^[0-9]/.test(plain) ? `_${plain}` : plain;
  const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
  return isCounter && !name.endsWith('_total') ? `${name}_total` : name;
}

function labelText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function labelsOf(name: string, attributes: Attributes, le?: number): Labels {
  const entries: [string, string][] = Object.entries(attributes).map(([key, value]) => [
    sanitize(key),
    labelText(value),
  ]);
  // Prometheus 3 stores `le="5.0"` even where our page has `le="5"`. The store follows Prometheus, so that a rule
  // with a matcher on `le` means the same here and there.
  if (le !== undefined) entries.push(['le', formatBound(le)]);
  entries.push([METRIC_NAME, name]);
  return Labels.fromEntries(entries);
}

const known = new WeakMap<Attributes, Map<string, readonly Labels[]>>();

function cached(attributes: Attributes, name: string, build: () => readonly Labels[]): readonly Labels[] {
  let byName = known.get(attributes);
  if (byName === undefined) {
    byName = new Map();
    known.set(attributes, byName);
  }
  let labels = byName.get(name);
  if (labels === undefined) {
    labels = build();
    byName.set(name, labels);
  }
  return labels;
}

function millis([seconds, nanos]: HrTime): number {
  return seconds * 1000 + Math.floor(nanos / 1e6);
}

function finiteBounds(boundaries: readonly number[]): readonly number[] {
  return boundaries.at(-1) === Number.POSITIVE_INFINITY ? boundaries.slice(0, -1) : boundaries;
}

type HistogramPoint = Extract<MetricData, { dataPointType: DataPointType.HISTOGRAM }>['dataPoints'][number];

function* histogramSamples(name: string, point: HistogramPoint): Iterable<MetricSample> {
  const { buckets, count, sum } = point.value;
  const bounds = finiteBounds(buckets.boundaries);
  // A change of boundaries must not meet labels of the old ones.
  const labels = cached(point.attributes, `${name} ${bounds.join(' ')}`, () => [
    labelsOf(`${name}_count`, point.attributes),
    labelsOf(`${name}_sum`, point.attributes),
    ...bounds.map((bound) => labelsOf(`${name}_bucket`, point.attributes, bound)),
    labelsOf(`${name}_bucket`, point.attributes, Number.POSITIVE_INFINITY),
  ]);
  const startMs = millis(point.startTime);
  yield { labels: labels[0]!, value: count, startMs };
  if (sum !== undefined) yield { labels: labels[1]!, value: sum, startMs };
  let cumulative = 0;
  for (let i = 0; i < bounds.length; i++) {
    cumulative += buckets.counts[i] ?? 0;
    yield { labels: labels[i + 2]!, value: cumulative, startMs };
  }
  yield { labels: labels[bounds.length + 2]!, value: count, startMs };
}

/**
 * The samples that a scrape of our /metrics page would bring for these metrics, under the same names. Exponential
 * histograms are left out, as on the page. A series may occur twice when two scopes use one name.
 */
export function* samplesFromMetrics(resourceMetrics: ResourceMetrics): Iterable<MetricSample> {
  for (const { metrics } of resourceMetrics.scopeMetrics) {
    for (const metric of metrics) {
      const name = prometheusName(metric);
      if (metric.dataPointType === DataPointType.HISTOGRAM) {
        for (const point of metric.dataPoints) yield* histogramSamples(name, point);
      } else if (metric.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) {
        for (const point of metric.dataPoints) {
          const [labels] = cached(point.attributes, name, () => [labelsOf(name, point.attributes)]);
          yield { labels: labels!, value: point.value, startMs: millis(point.startTime) };
        }
      }
    }
  }
}
