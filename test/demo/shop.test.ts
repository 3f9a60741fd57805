import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startOutsideWorld } from '../../demo/outside-world.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function openShop(t: TestContext): Promise<{
  readonly url: string;
  readonly folder: string;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
}> {
  const world = await startOutsideWorld();
  t.after(async () => world.close());
  const folder = temporaryFolder('demo-shop');
  const child = fork(join(import.meta.dirname, '../../demo/shop/server.js'), {
    cwd: folder,
    execArgv: [],
    silent: true,
    env: {
      ...process.env,
      OTEL_SDK_DISABLED: 'true',
      OPENAI_BASE_URL: world.aiUrl,
      PAYMENTS_URL: world.paymentsUrl,
    },
  });
  t.after(() => child.kill('SIGKILL'));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    folder,
    async ask(method, path, body) {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url + path, { method, headers, ...init });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

test('without the preload and with monitoring off the shop sells as before and leaves no file', async (t) => {
  const { url, folder, ask } = await openShop(t);
  assert.match(await (await fetch(url)).text(), /Slide rule/);
  assert.equal((await ask('GET', '/api/products/1')).body['name'], 'Compass');
  assert.equal((await ask('GET', '/api/products/99')).status, 404);

  const { body: order } = await ask('POST', '/api/customers/1/orders', { product: 1 });
  const paid = await ask('POST', `/api/customers/1/orders/${String(order['id'])}/pay`, {});
  assert.deepEqual(paid, { status: 200, body: { state: 'paid' } });

  assert.equal((await ask('POST', '/api/login', { name: 'ada', password: 'ada-1234' })).status, 200);
  assert.equal((await ask('POST', '/api/login', { name: 'ada', password: 'wrong' })).status, 401);
  assert.match(String((await ask('POST', '/api/assistant', { question: '?' })).body['answer']), /compass/);
  assert.equal((await ask('GET', '/api/reports/stock')).status, 500);
  assert.deepEqual(readdirSync(folder), []);
});
