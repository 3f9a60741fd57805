import assert from 'node:assert/strict';
import test from 'node:test';
import { BatchSize } from '../../../src/monitor/shipping/batch-size.ts';

test('a refused request is halved until a single record is left, which is to blame', () => {
  const size = new BatchSize(8);
  const sizes: number[] = [];
  while (size.halve(size.current)) sizes.push(size.current);
  assert.deepEqual(sizes, [4, 2, 1]);
});

test('with each success the size doubles again', () => {
  const size = new BatchSize(8);
  while (size.halve(size.current));
  const sizes = Array.from({ length: 5 }, () => {
    size.accepted();
    return size.current;
  });
  assert.deepEqual(sizes, [2, 4, 8, 8, 8]);
});

test('a collector that refuses everything is not asked record by record', () => {
  const size = new BatchSize(1000);
  let requests = 0;
  for (let left = 100_000; left > 0; requests++) {
    const sent = Math.min(left, size.current);
    if (!size.halve(sent)) left -= sent;
  }
  assert.ok(requests < 150, `${requests} requests`);
});
