import assert from 'node:assert/strict';
import test from 'node:test';
import { createRecordClock } from '../../../src/logging/record/record-clock.ts';

const nanoseconds = ({ atMs, subNs }: { atMs: number; subNs: number }): bigint =>
  BigInt(atMs) * 1_000_000n + BigInt(subNs);

test('times strictly increase, also when the clock stops or is set back a little', () => {
  const wall = [1000, 1000, 1000, 1001, 990, 1001, 1002, 500];
  let at = 0;
  const clock = createRecordClock(() => wall[at++] ?? 0);
  let last = -1n;
  for (const _ of wall) {
    clock.next();
    assert.ok(nanoseconds(clock) > last, `${nanoseconds(clock)} after ${last}`);
    last = nanoseconds(clock);
  }
});

test('a clock that is set back by more than a second is followed', () => {
  let nowMs = 1_000_000;
  const clock = createRecordClock(() => nowMs);
  clock.next();
  nowMs = 500_000;
  clock.next();
  assert.equal(clock.atMs, 500_000);
});

test('uids are ULIDs of the time, unique and increasing', () => {
  let nowMs = Date.UTC(2026, 10, 23);
  const clock = createRecordClock(() => nowMs);
  const seen = new Set<string>();
  let last = '';
  for (let index = 0; index < 5000; index++) {
    if (index % 700 === 0) nowMs++;
    clock.next();
    assert.match(clock.uid, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    assert.ok(clock.uid > last, `${clock.uid} after ${last}`);
    last = clock.uid;
    seen.add(last);
  }
  assert.equal(seen.size, 5000);
});

test('the first ten characters of a uid are its milliseconds in base 32', () => {
  const clock = createRecordClock(() => 1_469_918_176_385);
  clock.next();
  // The example of https://github.com/ulid/spec.
  assert.equal(clock.uid.slice(0, 10), '01ARYZ6S41');
});

test('two processes do not make the same uid', () => {
  const [one, other] = [createRecordClock(() => 5), createRecordClock(() => 5)];
  one.next();
  other.next();
  assert.notEqual(one.uid, other.uid);
});
