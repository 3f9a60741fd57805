import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../../src/time/backoff.ts';
import { DeadlineError, withDeadline } from '../../src/time/deadline.ts';

test('pauses double up to their limit, however many failures there were', () => {
  const backoff = { firstMs: 1000, maxMs: 30_000 };
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 100, 10_000].map((failures) => backoffMs(failures, backoff)),
    [1000, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
  );
});

test('a promise that is in time keeps its outcome, one that is late is rejected', async () => {
  assert.equal(await withDeadline(Promise.resolve(7), 60_000), 7);
  await assert.rejects(withDeadline(Promise.reject(new RangeError('own')), 60_000), RangeError);
  await assert.rejects(
    Promise.all([withDeadline(new Promise(() => {}), 1), new Promise((done) => setTimeout(done, 50))]),
    (error) => error instanceof DeadlineError && error.message === 'no answer within 1 ms',
  );
});
