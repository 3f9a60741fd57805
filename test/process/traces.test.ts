import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { OtlpSink } from '../helpers/otlp-sink.ts';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';

const PACKAGE = {
  MONITORING_PACKAGE: join(REPOSITORY, 'dist', 'index.cjs'),
  MONITORING_REGISTER_GLOBALS: 'always',
};

test('spans are exported where traces are asked for, and records inside them carry their trace', async () => {
  await using sink = await OtlpSink.start();
  const env = {
    ...PACKAGE,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  };
  await using service = new Service(fixture('spans.cjs'), { env });
  await service.line(/span ended/);
  await sink.until(
    () => sink.spans.includes('checkout') && sink.records.length > 0,
    'the span and the record',
  );
  const record = sink.records.find(({ body }) => body === 'inside the span');
  assert.match(String(record?.traceId), /^[0-9a-f]{32}$/);
});

test('instruments of the service itself come out beside ours', async () => {
  await using service = new Service(fixture('spans.cjs'), { env: PACKAGE });
  await service.line(/span ended/);
  await service.metricsWith(/^orders_total\{shop="north"\} 2$/m);
});
