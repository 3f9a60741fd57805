import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CollectorState } from '../../../src/monitor/export/collector-state.ts';

const logs = 'http://collector.invalid:4318/v1/logs';
const metrics = 'http://collector.invalid:4318/v1/metrics';
const elsewhere = 'http://metrics.invalid:4318/v1/metrics';
const never = (): Promise<never> => new Promise(() => {});

test('P3 logs and metrics to one collector have one state, whichever request found it out', async () => {
  const state = new CollectorState([logs, metrics]);
  const seen: boolean[] = [];
  state.watch((reachable) => seen.push(reachable));
  state.report(metrics, false);
  await state.unlessAway(logs, never);
  state.report(logs, false);
  state.report(logs, true);
  let asked = 0;
  await state.unlessAway(metrics, () => Promise.resolve((asked += 1)));
  assert.deepEqual([seen, asked], [[false, true], 1]);
});

test('P3 a collector that turns out to be away ends the waiting for it', async () => {
  const state = new CollectorState([logs]);
  const waiting = state.unlessAway(logs, never);
  state.report(logs, false);
  await waiting;
  await state.unlessAway(logs, () => Promise.reject(new Error('not asked')));
});

test('P3 of two collectors one that is away is not waited for, and the other is', async () => {
  const state = new CollectorState([logs, elsewhere]);
  const seen: boolean[] = [];
  state.watch((reachable) => seen.push(reachable));
  state.report(logs, false);
  await state.unlessAway(logs, never);
  let asked = 0;
  await state.unlessAway(elsewhere, () => Promise.resolve((asked += 1)));
  assert.deepEqual([seen, asked], [[true], 1]);
  state.report(elsewhere, false);
  assert.deepEqual(seen, [true, false]);
});

test('P3 before the first request a connection shows whether there is a collector', async (t) => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const there = new CollectorState([`http://127.0.0.1:${port}/v1/logs`]);
  const seen: boolean[] = [];
  there.watch((reachable) => seen.push(reachable));
  await there.probe();
  server.close();
  await once(server, 'close');
  const away = new CollectorState([`http://127.0.0.1:${port}/v1/logs`]);
  away.watch((reachable) => seen.push(reachable));
  await away.probe();
  away.watch((reachable) => seen.push(reachable));
  assert.deepEqual(seen, [true, false, false]);
});

test('without a collector nothing is away', async () => {
  const state = new CollectorState([undefined, undefined]);
  state.watch(() => assert.fail('there is nothing to report'));
  await state.probe();
  assert.equal(state.isAnyReachable, true);
});
