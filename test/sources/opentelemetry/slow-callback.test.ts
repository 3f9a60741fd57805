import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { SlowCallback } from '../../../src/sources/opentelemetry/slow-callback.ts';

const DEADLINE_MS = 250;
const noneLate = (): void => assert.fail('it was in time');

test('a callback that returns at once is not waited for', () => {
  const callback = new SlowCallback<number>((observe) => [1, 2].forEach(observe), DEADLINE_MS, noneLate);
  assert.deepEqual(callback.observations(), [1, 2]);
});

test('a promise that resolves in time is waited for', async () => {
  const callback = new SlowCallback<number>(
    async (observe) => {
      await turn();
      observe(3);
    },
    DEADLINE_MS,
    noneLate,
  );
  assert.deepEqual(await callback.observations(), [3]);
});

test('O5 a callback that takes longer shows its last values, is not run twice at once, and then the new ones', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const runs: (() => void)[] = [];
  let late = 0;
  const callback = new SlowCallback<number>(
    (observe) =>
      new Promise<void>((resolve) => {
        const value = runs.length + 1;
        runs.push(() => {
          observe(value);
          resolve();
        });
      }),
    DEADLINE_MS,
    () => (late += 1),
  );
  const first = callback.observations();
  t.mock.timers.tick(DEADLINE_MS);
  assert.deepEqual([await first, late], [[], 1]);
  assert.deepEqual([await callback.observations(), runs.length], [[], 1]);
  runs[0]?.();
  await turn();
  const second = callback.observations();
  t.mock.timers.tick(DEADLINE_MS);
  assert.deepEqual([await second, late, runs.length], [[1], 2, 2]);
});

test('O5 a callback that never settles is waited for once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const callback = new SlowCallback<number>(
    () => new Promise(() => {}),
    DEADLINE_MS,
    () => {},
  );
  const first = callback.observations();
  t.mock.timers.tick(DEADLINE_MS);
  await first;
  for (let collection = 0; collection < 3; collection += 1)
    assert.deepEqual(await callback.observations(), []);
});

test('an error in time is that of the collection, one that comes too late is nobody’s, and the next run follows', async (t) => {
  const throwing = new SlowCallback<number>(
    () => {
      throw new Error('at once');
    },
    DEADLINE_MS,
    noneLate,
  );
  assert.throws(() => throwing.observations(), /at once/);
  const rejecting = new SlowCallback<number>(() => Promise.reject(new Error('later')), DEADLINE_MS, noneLate);
  await assert.rejects(async () => rejecting.observations(), /later/);

  t.mock.timers.enable({ apis: ['setTimeout'] });
  const fail: ((error: Error) => void)[] = [];
  const late = new SlowCallback<number>(
    () => new Promise((_resolve, reject) => fail.push(reject)),
    DEADLINE_MS,
    () => {},
  );
  const first = late.observations();
  t.mock.timers.tick(DEADLINE_MS);
  await first;
  fail[0]?.(new Error('too late'));
  await turn();
  void late.observations();
  assert.equal(fail.length, 2);
});

test('a callback that observes without end is cut off', () => {
  const callback = new SlowCallback<number>(
    (observe) => {
      for (let value = 0; value < 20_000; value += 1) observe(value);
    },
    DEADLINE_MS,
    noneLate,
  );
  const observations = callback.observations();
  assert.equal(Array.isArray(observations) && observations.length, 10_000);
});
