import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOutsideWorld } from '../../demo/outside-world.ts';

test('the model answers in the form of OpenAI with its usage', async (t) => {
  const world = await startOutsideWorld();
  t.after(async () => world.close());
  const response = await fetch(`${world.aiUrl}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'eight ch' }] }),
  });
  const body = (await response.json()) as { model: string; usage: Record<string, number> };
  assert.equal(body.model, 'm');
  assert.equal(body.usage['prompt_tokens'], 2);
  assert.equal(body.usage['total_tokens'], 2 + (body.usage['completion_tokens'] ?? Number.NaN));
});

test('payments succeed until they are made to fail, then one in five does', async (t) => {
  const world = await startOutsideWorld();
  t.after(async () => world.close());
  const pay = async (): Promise<number> => (await fetch(world.paymentsUrl, { method: 'POST' })).status;
  const before = [await pay(), await pay(), await pay(), await pay(), await pay()];
  world.paymentsFail = true;
  const during = [await pay(), await pay(), await pay(), await pay(), await pay()];
  assert.deepEqual(before, [201, 201, 201, 201, 201]);
  assert.deepEqual(during, [503, 503, 503, 503, 201]);
});
