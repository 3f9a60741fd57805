import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { samplesFromMetrics } from '../../src/samples/from-metrics.ts';
import { Labels } from '../../src/samples/labels.ts';

class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** What a MeterProvider collects after some instruments were used. */
async function collect(
  use: (meter: ReturnType<MeterProvider['getMeter']>) => void,
): Promise<ResourceMetrics> {
  const reader = new PullReader();
  const provider = new MeterProvider({ readers: [reader] });
  use(provider.getMeter('test'));
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics;
}

/** Series and values of an exposition, `le` as Prometheus 3 stores it. */
function seriesOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null || line.startsWith('#')) continue;
    const labels: Record<string, string> = { __name__: match[1]! };
    for (const [, name, value] of (match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name!] = name === 'le' && /^\d+$/.test(value!) ? `${value}.0` : value!;
    }
    found.set(Labels.from(labels).key, Number(match[3]!.replace('+Inf', 'Infinity')));
  }
  return found;
}

test('the samples are those that a scrape of our /metrics page brings', async () => {
  const metrics = await collect((meter) => {
    meter.createCounter('http_requests_total').add(3, { method: 'GET', status: 200 });
    meter.createCounter('log.records', { unit: '{record}' }).add(1, { 'log.level': 'info' });
    meter.createUpDownCounter('db_connections').add(4, { database: 'app' });
    meter.createGauge('1st--gauge', { unit: 's' }).record(1.5);
    const histogram = meter.createHistogram('http_request_duration_seconds', {
      unit: 's',
      advice: { explicitBucketBoundaries: [0.1, 1, 5] },
    });
    for (const value of [0.05, 0.5, 4, 9]) histogram.record(value, { method: 'GET' });
  });
  const page = seriesOf(new PrometheusSerializer(undefined, false, undefined, true, true).serialize(metrics));
  const ours = new Map([...samplesFromMetrics(metrics)].map(({ labels, value }) => [labels.key, value]));
  assert.ok(page.size >= 10, `${page.size} series on the page`);
  assert.deepEqual(ours, page);
});

test('bucket bounds are written as Prometheus 3 stores them', async () => {
  const metrics = await collect((meter) => {
    meter.createHistogram('h', { advice: { explicitBucketBoundaries: [0.5, 5, 1e6] } }).record(1);
  });
  const bounds = [...samplesFromMetrics(metrics)].map(({ labels }) => labels.get('le')).filter(Boolean);
  assert.deepEqual(bounds, ['0.5', '5.0', '1e+06', '+Inf']);
});

test('samples carry the start of the count', async () => {
  const before = Date.now();
  const metrics = await collect((meter) => meter.createCounter('c').add(1));
  const [sample] = samplesFromMetrics(metrics);
  assert.equal(sample!.labels.metricName, 'c_total');
  assert.ok(sample!.startMs >= before - 1 && sample!.startMs <= Date.now() + 1);
});

test('the labels of a known series are the same object in the next scrape', async () => {
  const reader = new PullReader();
  const provider = new MeterProvider({ readers: [reader] });
  const counter = provider.getMeter('test').createCounter('c');
  counter.add(1, { a: '1' });
  const [first] = samplesFromMetrics((await reader.collect()).resourceMetrics);
  counter.add(1, { a: '1' });
  const [second] = samplesFromMetrics((await reader.collect()).resourceMetrics);
  assert.equal(second!.value, 2);
  assert.equal(second!.labels, first!.labels);
  await provider.shutdown();
});
