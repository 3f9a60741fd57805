import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type Histogram, MeterProvider } from '@opentelemetry/sdk-metrics';
import { AgentReader } from '../../../src/agent/collection/agent-reader.ts';
import { FallbackMeterProvider } from '../../../src/sources/opentelemetry/fallback-meters.ts';

interface Scene {
  readonly fallback: FallbackMeterProvider;
  readonly uses: () => number;
  readonly late: string[];
  /** The agent is there. */
  readonly attach: () => void;
  /** What a collection finds, by name: values by attributes. */
  readonly collected: () => Promise<Record<string, Record<string, unknown>>>;
}

function scene(): Scene {
  let uses = 0;
  const late: string[] = [];
  const fallback = new FallbackMeterProvider({
    used: () => (uses += 1),
    late: (instrument) => late.push(instrument),
  });
  const reader = new AgentReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    fallback,
    uses: () => uses,
    late,
    attach: () => fallback.attach(provider),
    async collected() {
      const { scopeMetrics } = await reader.read();
      const metrics = scopeMetrics.flatMap((scope) => scope.metrics);
      return Object.fromEntries(
        metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          Object.fromEntries(
            dataPoints.map(({ attributes, value }) => [
              JSON.stringify(attributes),
              typeof value === 'number' ? value : (value as Histogram).count,
            ]),
          ),
        ]),
      );
    },
  };
}

test('O1 what instruments of every kind record before the agent is there comes out with it, and what follows', async () => {
  const { fallback, attach, collected, uses } = scene();
  const meter = fallback.getMeter('shop', '1.0.0');
  const orders = meter.createCounter('orders');
  const open = meter.createUpDownCounter('open');
  const level = meter.createGauge('level');
  const size = meter.createHistogram('size', { unit: 'By' });
  const record = (): void => {
    orders.add(1, { shop: 'north' });
    orders.add(2, { shop: 'north' });
    orders.add(1);
    open.add(3);
    open.add(-1);
    level.record(7);
    level.record(5);
    size.record(10);
    size.record(30);
  };
  record();
  assert.ok(uses() > 0);
  attach();
  const expected = {
    orders: { '{"shop":"north"}': 3, '{}': 1 },
    open: { '{}': 2 },
    level: { '{}': 5 },
    size: { '{}': 2 },
  };
  assert.deepEqual(await collected(), expected);
  record();
  assert.deepEqual(await collected(), {
    orders: { '{"shop":"north"}': 6, '{}': 2 },
    open: { '{}': 4 },
    level: { '{}': 5 },
    size: { '{}': 4 },
  });
});

test('O1 observable instruments show their values, with callbacks of their own and shared ones, added and removed', async () => {
  const { fallback, attach, collected } = scene();
  const meter = fallback.getMeter('shop');
  const queue = meter.createObservableGauge('queue');
  const gone = (): void => assert.fail('it was removed');
  queue.addCallback((result) => result.observe(4, { name: 'mail' }));
  queue.addCallback(gone);
  queue.removeCallback(gone);
  const [a, b] = [meter.createObservableCounter('a'), meter.createObservableUpDownCounter('b')];
  meter.addBatchObservableCallback(
    (result) => {
      result.observe(a, 1);
      result.observe(b, -2);
    },
    [a, b],
  );
  meter.addBatchObservableCallback(gone, [a]);
  meter.removeBatchObservableCallback(gone, [a]);
  attach();
  const before = { queue: { '{"name":"mail"}': 4 }, a: { '{}': 1 }, b: { '{}': -2 } };
  assert.deepEqual(await collected(), before);

  const later = meter.createObservableGauge('later');
  later.addCallback((result) => result.observe(9));
  const c = meter.createObservableGauge('c');
  const batch = (result: { observe(one: typeof c, value: number): void }): void => result.observe(c, 8);
  meter.addBatchObservableCallback(batch, [c]);
  assert.deepEqual(await collected(), { ...before, later: { '{}': 9 }, c: { '{}': 8 } });
});

test('with the agent there an instrument is that of the SDK itself', () => {
  const { fallback, attach } = scene();
  attach();
  const meter = fallback.getMeter('shop');
  assert.match(meter.createCounter('orders').constructor.name, /^CounterInstrument/);
  assert.equal(fallback.getMeter('shop'), meter);
});

test('O5 a callback that never settles costs its own instrument only, and is named once per run', async () => {
  const { fallback, attach, collected, late } = scene();
  const meter = fallback.getMeter('shop');
  meter.createObservableGauge('stuck').addCallback(() => new Promise(() => {}));
  meter.createObservableGauge('good').addCallback((result) => result.observe(1));
  meter.createCounter('orders').add(1);
  attach();
  for (let collection = 0; collection < 2; collection += 1) {
    const { good, orders } = await collected();
    assert.deepEqual([good, orders], [{ '{}': 1 }, { '{}': 1 }]);
  }
  assert.deepEqual(late, ['stuck']);
});

test('values that no instrument takes are left out, whatever they are', async () => {
  const { fallback, attach, collected } = scene();
  const orders = fallback.getMeter('shop').createCounter('orders');
  orders.add(-5);
  orders.add(2);
  orders.add('3' as unknown as number);
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  orders.add(1, circular);
  attach();
  assert.deepEqual(await collected(), { orders: { '{}': 2 } });
});

test('what is kept is bounded, and what does not fit is counted', async () => {
  const { fallback, attach, collected } = scene();
  const meter = fallback.getMeter('shop');
  const orders = meter.createCounter('orders');
  for (let id = 0; id < 2100; id += 1) orders.add(1, { id });
  const size = meter.createHistogram('size');
  for (let value = 0; value < 10; value += 1) size.record(value);
  assert.equal(fallback.dropped, 110);
  attach();
  const found = (await collected())['orders'] ?? {};
  assert.equal(
    Object.values(found).reduce((sum: number, value) => sum + Number(value), 0),
    2000,
  );
});

test('attributes that the service changes after the call are recorded as they were', async () => {
  const { fallback, attach, collected } = scene();
  const attributes = { shop: 'north' };
  fallback.getMeter('shop').createCounter('orders').add(1, attributes);
  attributes.shop = 'south';
  attach();
  assert.deepEqual(await collected(), { orders: { '{"shop":"north"}': 1 } });
});
