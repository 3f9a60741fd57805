import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { NativeStack } from '../../scripts/stack/native-stack.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { queryPrometheus, seriesOf } from '../helpers/stack/prometheus.ts';
import { startTestShop, type TestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

const SERVICES = ['prometheus', 'otelcol'] as const;

/** The documented metrics, as series of Prometheus, and their labels. */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  http_requests_total: ['method', 'endpoint', 'status'],
  http_request_duration_seconds_bucket: ['method', 'endpoint', 'le'],
  http_request_duration_seconds_sum: ['method', 'endpoint'],
  http_request_duration_seconds_count: ['method', 'endpoint'],
  system_cpu_usage: [],
  system_memory_usage: [],
  system_disk_usage: [],
  ai_requests_total: ['model', 'status'],
  ai_request_duration_seconds_bucket: ['model', 'le'],
  ai_request_duration_seconds_sum: ['model'],
  ai_request_duration_seconds_count: ['model'],
  ai_tokens_total: ['model', 'type'],
  db_connections: ['database'],
  db_queries_total: ['database', 'type'],
  db_query_duration_seconds_bucket: ['database', 'type', 'le'],
  db_query_duration_seconds_sum: ['database', 'type'],
  db_query_duration_seconds_count: ['database', 'type'],
};
/** What Prometheus adds to every series, scraped or received. */
const OF_PROMETHEUS = ['__name__', 'job', 'instance'];

/** All series of the shop in Prometheus have documented labels and no others, and its requests are counted once. */
async function assertDocumented(url: string, job: string): Promise<void> {
  for (const [name, labels] of Object.entries(DOCUMENTED)) {
    const series = await eventually(async () => {
      const found = await seriesOf(url, `${name}{job="${job}"}`);
      assert.ok(found.length > 0, `no series ${name}`);
      return found;
    });
    const expected = [...OF_PROMETHEUS, ...labels].sort();
    for (const found of series) assert.deepEqual(Object.keys(found).sort(), expected, name);
    // Nothing of the same name under another job: it would have come by the other path as well.
    assert.equal((await seriesOf(url, name)).length, series.length, `${name} comes by one path`);
  }
  const counts: readonly (readonly [string, number])[] = [
    ['http_requests_total{method="GET",endpoint="/api/products/:productId",status="200"}', 1],
    ['http_requests_total{method="GET",endpoint="/api/products/:productId",status="404"}', 1],
    ['http_requests_total{method="GET",endpoint="unmatched",status="404"}', 1],
    [
      'http_requests_total{method="POST",endpoint="/api/customers/:customerId/orders/:orderId/pay",status="200"}',
      1,
    ],
    ['http_requests_total{method="POST",endpoint="/api/login",status="401"}', 1],
    ['http_request_duration_seconds_count{method="GET",endpoint="/"}', 1],
    ['ai_requests_total{model="gpt-4o-mini",status="success"}', 1],
    ['db_connections{database="shop.db"}', 1],
  ];
  for (const [query, value] of counts) {
    await eventually(async () => {
      const samples = await queryPrometheus(url, query);
      assert.deepEqual(
        samples.map((sample) => sample.value),
        [value],
        query,
      );
    });
  }
}

async function startShop(context: TestContext, stack: NativeStack, folder: string): Promise<TestShop> {
  return startTestShop(context, folder, {
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=geometra',
  });
}

test(
  'pushed over OTLP, the eleven documented metrics are in Prometheus under their names, with documented labels only',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const stack = await startTestStack(context, SERVICES);
    const shop = await startShop(context, stack, temporaryFolder(context));
    await shop.visit();
    await assertDocumented(stack.url('prometheus', 9090), 'geometra/shop');
  },
);

test(
  'scraped, they are the same, and what the service pushes as well does not come a second time',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const folder = temporaryFolder(context);
    const stack = await startTestStack(context, SERVICES, {
      env: { STACK_METRICS: 'scrape' },
      folder,
    });
    const shop = await startShop(context, stack, folder);
    writeFileSync(
      join(folder, 'configuration/etc/prometheus/targets/shop.yml'),
      JSON.stringify([{ targets: [shop.metricsAddress], labels: { job: 'shop' } }]),
    );
    await shop.visit();
    await assertDocumented(stack.url('prometheus', 9090), 'shop');
  },
);
