import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  addressOf,
  freeAddresses,
  publishedAddresses,
  translateAddresses,
} from '../../scripts/stack/addresses.ts';
import { readComposeServices } from '../../scripts/stack/compose-file.ts';
import { nativeSpec } from '../../scripts/stack/native-spec.ts';
import type { ProgramSpec } from '../../scripts/stack/program-process.ts';
import type { ServiceName } from '../../scripts/stack/services.ts';

interface Specified {
  readonly folder: string;
  readonly spec: ProgramSpec;
}

const composed = readComposeServices({ STACK_METRICS: 'scrape', OTLP_PORT: '14318' });
const addresses = publishedAddresses(composed);

function specify(context: TestContext, name: ServiceName): Specified {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-spec-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const folders = {
    configuration: join(folder, 'configuration'),
    data: join(folder, 'data'),
    logs: join(folder, 'logs'),
  };
  const service = composed[name];
  assert.ok(service);
  return { folder, spec: nativeSpec(name, service, addresses, folders, (_, text) => text) };
}

test('addresses among containers become those of this machine, others stay', () => {
  const text = 'http://otelcol:4318/v1/logs mailpit:1025 elsewhere:80 my-otelcol:4318 otelcol:1';
  assert.equal(
    translateAddresses(text, addresses),
    'http://127.0.0.1:14318/v1/logs 127.0.0.1:1025 elsewhere:80 my-otelcol:4318 otelcol:1',
  );
});

test('free addresses are all different', async () => {
  const free = [...(await freeAddresses()).values()];
  assert.equal(new Set(free).size, free.length);
});

test('a port that the service does not have is an error', () => {
  assert.throws(() => addressOf(addresses, 'loki', 1), /loki has no port 1/);
});

test('Prometheus runs with the command of its container, paths and addresses of this machine', (context) => {
  const { folder, spec } = specify(context, 'prometheus');
  assert.deepEqual(spec.args, [
    `--config.file=${folder}/configuration/etc/prometheus/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data/prometheus`,
    '--storage.tsdb.retention.time=15d',
    '--web.enable-otlp-receiver',
    '--web.enable-lifecycle',
    '--web.listen-address=127.0.0.1:9090',
  ]);
  assert.equal(spec.healthUrl, 'http://127.0.0.1:9090/-/ready');
  const read = (file: string): string =>
    readFileSync(join(folder, 'configuration/etc/prometheus', file), 'utf8');
  assert.match(read('prometheus.yml'), /targets: \[127\.0\.0\.1:9093\]/);
  assert.match(read('targets/services.yml'), /targets: \[127\.0\.0\.1:9464\]/);
});

test('the collector gets its listen address and queue folder from variables', (context) => {
  const { folder, spec } = specify(context, 'otelcol');
  assert.equal(spec.env['OTLP_LISTEN'], '127.0.0.1:14318');
  assert.equal(spec.env['SELF_METRICS_HOST'], '127.0.0.1');
  assert.equal(spec.env['SELF_METRICS_PORT'], '8888');
  assert.equal(spec.env['QUEUE_DIR'], join(folder, 'data', 'otelcol-queue'));
  assert.equal(spec.env['PATH'], undefined, 'nothing of our environment reaches it');
});

test('a service without a program is an error', (context) => {
  assert.throws(() => specify(context, 'grafana'), /grafana runs in a container only/);
});
