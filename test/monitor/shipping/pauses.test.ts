import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_PAUSES, pauseMs } from '../../../src/monitor/shipping/pauses.ts';

test('pauses double up to the longest and stay there', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) =>
    pauseMs(failures, undefined, DEFAULT_PAUSES, 0.5),
  );
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('pauses differ by a fifth to both sides', () => {
  assert.equal(pauseMs(1, undefined, DEFAULT_PAUSES, 0), 800);
  assert.equal(pauseMs(1, undefined, DEFAULT_PAUSES, 1), 1200);
});

test('what the collector asks for is kept, within ten minutes', () => {
  assert.equal(pauseMs(1, 90_000, DEFAULT_PAUSES, 0.5), 90_000);
  assert.equal(pauseMs(1, 10, DEFAULT_PAUSES, 0.5), 1000);
  assert.equal(pauseMs(1, 86_400_000, DEFAULT_PAUSES, 0.5), 600_000);
});
