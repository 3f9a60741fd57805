import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';
import { takeMetricsPort } from '../../../demo/ports.ts';
import { startOutsideWorld } from '../../../demo/outside-world.ts';
import { startShop } from '../../../demo/shop-process.ts';
import { repository } from '../../../scripts/stack/programs.ts';

/** The demo's shop, preloaded, as any service would be. */
export interface TestShop {
  readonly url: string;
  readonly metricsAddress: string;
  /** Sends the shop a request of every kind: answers, errors, a failed login, an order, a question. */
  visit(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the shop with its database and logs in `folder`. */
export async function startTestShop(
  context: TestContext,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<TestShop> {
  const world = await startOutsideWorld();
  atEnd(context, async () => world.close());
  const metrics = await takeMetricsPort();
  atEnd(context, () => metrics.release());
  const shop = await startShop(
    repository,
    {
      DATABASE_FILE: join(folder, 'shop.db'),
      OPENAI_BASE_URL: world.aiUrl,
      PAYMENTS_URL: world.paymentsUrl,
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metrics.port),
      MONITORING_LOG_DIR: join(folder, 'logs'),
      MONITORING_HOST_INTERVAL: '1s',
      MONITORING_SHARE_MONITOR: 'false',
      ...settings,
    },
    join(folder, 'shop.out'),
  );
  atEnd(context, async () => shop.stop());

  async function request(path: string, body?: unknown): Promise<void> {
    const response = await fetch(`${shop.url}${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    await response.arrayBuffer();
  }

  return {
    url: shop.url,
    metricsAddress: `127.0.0.1:${metrics.port}`,
    async visit() {
      await request('/');
      await request('/api/products/1');
      await request('/api/products/999');
      await request('/api/reports/stock');
      await request('/no/such/page');
      await request('/api/login', { name: 'ada', password: 'wrong' });
      await request('/api/customers/1/orders', { product: 2 });
      await request('/api/customers/1/orders/1/pay', {});
      await request('/api/assistant', { question: 'What do I need for a circle?' });
    },
    stop: async () => shop.stop(),
  };
}
