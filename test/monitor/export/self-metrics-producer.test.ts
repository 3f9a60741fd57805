import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { type SelfMetric, selfMetricsProducer } from '../../../src/monitor/export/self-metrics.ts';

const serializer = new PrometheusSerializer('', false, undefined, true, true);

test('an alert that became firing is no longer shown as pending', async () => {
  let alertstate = 'pending';
  const row: SelfMetric = {
    name: 'ALERTS',
    help: 'Pending and firing alerts',
    unit: '',
    kind: 'gauge',
    read: () => [{ labels: { alertname: 'A', alertstate }, value: 1 }],
  };
  const producer = selfMetricsProducer([row]);
  const lines = async (): Promise<string[]> =>
    serializer
      .serialize((await producer.collect()).resourceMetrics)
      .split('\n')
      .filter((line) => line.startsWith('ALERTS'));
  assert.deepEqual(await lines(), ['ALERTS{alertname="A",alertstate="pending"} 1']);
  alertstate = 'firing';
  assert.deepEqual(await lines(), ['ALERTS{alertname="A",alertstate="firing"} 1']);
});
