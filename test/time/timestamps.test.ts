import assert from 'node:assert/strict';
import test from 'node:test';
import { asctime, createAsctime, createLocalDay, isoUtc, localDay } from '../../src/time/timestamps.ts';
import { localMs } from '../helpers/logging.ts';

test('asctime is that of Python in local time', () => {
  assert.equal(asctime(localMs(2026, 11, 23, 20, 15, 0, 123)), '2026-11-23 20:15:00,123');
  assert.equal(asctime(localMs(2026, 1, 2, 3, 4, 5, 6)), '2026-01-02 03:04:05,006');
});

test('the kept asctime and day are those that are computed, whatever the order of times', () => {
  const time = createAsctime();
  const day = createLocalDay();
  const start = localMs(2026, 3, 28, 22, 0, 0);
  for (let step = 0; step < 5000; step++) {
    // Back and forth over two days, a change of clocks among them.
    const atMs = start + ((step * 7919) % 5000) * 36_123;
    assert.equal(time(atMs), asctime(atMs));
    assert.equal(day(atMs), localDay(atMs));
  }
});

test('the day changes at local midnight', () => {
  const day = createLocalDay();
  const midnight = localMs(2026, 11, 24, 0, 0, 0, 0);
  assert.equal(day(midnight - 1), '20261123');
  assert.equal(day(midnight), '20261124');
});

test('the JSON timestamp is isoformat of Python in UTC with microseconds', () => {
  assert.equal(isoUtc(Date.UTC(2026, 10, 23, 20, 15, 0, 123), 456_789), '2026-11-23T20:15:00.123456');
  assert.equal(isoUtc(Date.UTC(2026, 10, 23, 20, 15, 0, 7), 0), '2026-11-23T20:15:00.007000');
});
