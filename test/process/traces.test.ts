import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OtlpSink } from '../helpers/otlp-sink.ts';
import { fixture, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const traced = (url: string): Record<string, string> => ({
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_BSP_SCHEDULE_DELAY: '50',
});

test('O3 spans of requests reach the collector where traces are asked for, and records inside carry their trace', async () => {
  await using sink = await OtlpSink.start();
  await using service = new Service(fixture('own-metrics.cjs'), { env: traced(sink.url) });
  await (await fetch(`${await service.url()}/orders?token=secret`)).text();
  await sink.until(
    () => sink.spans.includes('work') && sink.spans.includes('GET') && sink.bodies.includes('in a request'),
    'the spans and the record',
  );
  const record = sink.records.find(({ body }) => body === 'in a request');
  assert.match(String(record?.traceId), /^[0-9a-f]{32}$/);
  assert.equal(sink.records.find(({ body }) => body === 'first of all')?.traceId, undefined);
  // Metrics and logs stay ours.
  await service.metricsWith(/^orders_placed_total\{shop="north"\} 2$/m);
  assert.doesNotMatch(service.stderr, /MON_TRACES/);
});

test('O3 an SDK that the service starts itself replaces the one for traces', async () => {
  await using sink = await OtlpSink.start();
  const env = traced(sink.url);
  await using service = new Service(fixture('own-metrics.cjs'), { env, args: ['own-sdk'] });
  await service.line(/^SDK /m);
  const before = sink.spans.length;
  await (await fetch(await service.url())).text();
  await service.line(/^SDK \{"spans":\["work"\]/m);
  assert.equal(sink.spans.length, before);
  assert.doesNotMatch(service.stderr, /duplicate registration|does not match/);
});

test('O3 where the SDK is not installed one line names the package to install, and the service runs', async () => {
  const cwd = temporaryFolder('no-sdk');
  const program = join(cwd, 'app.cjs');
  copyFileSync(fixture('web.cjs'), program);
  await using service = new Service(program, { cwd, env: { OTEL_TRACES_EXPORTER: 'otlp' } });
  assert.equal((await fetch(await service.url())).status, 200);
  await service.line(
    /\[MON_TRACES_SDK\] OTEL_TRACES_EXPORTER: .*Cannot find module '@opentelemetry\/sdk-node'/,
    'stderr',
  );
});

test('P3 with traces too the end waits for no collector that is away', async () => {
  const env = { ...traced('http://127.0.0.1:9'), MONITORING_EXIT_DEADLINE: '60s' };
  await using service = new Service(fixture('own-metrics.cjs'), { env });
  await (await fetch(await service.url())).text();
  await service.monitorUrl();
  service.kill('SIGTERM');
  assert.deepEqual(await service.ended(), { code: null, signal: 'SIGTERM' });
});
