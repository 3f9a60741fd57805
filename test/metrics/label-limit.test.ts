import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { LabelLimit, OVERFLOW_VALUE } from '../../src/metrics/label-limit.ts';

test('known values stay, further ones become the overflow value, which is logged once', () => {
  const said: number[] = [];
  const limit = new LabelLimit(2, (max) => said.push(max));
  assert.deepEqual(
    ['a', 'b', 'a', 'c', 'd', 'b', 'c'].map((value) => limit.bound(value)),
    ['a', 'b', 'a', OVERFLOW_VALUE, OVERFLOW_VALUE, 'b', OVERFLOW_VALUE],
  );
  assert.deepEqual(said, [2]);
});

test('a million values leave no more than the limit', () => {
  let said = 0;
  const limit = new LabelLimit(100, () => (said += 1));
  const seen = new Set<string>();
  for (let at = 0; at < 1_000_000; at += 1) seen.add(limit.bound(`value-${at}`));
  assert.equal(seen.size, 101);
  assert.equal(said, 1);
});

test('the overflow value itself and the empty value need no special care', () => {
  const limit = new LabelLimit(1, () => {});
  assert.equal(limit.bound(''), '');
  assert.equal(limit.bound(OVERFLOW_VALUE), OVERFLOW_VALUE);
  assert.equal(limit.bound(''), '');
});

test('L5 label values have no limit on their length', () => {
  const limit = new LabelLimit(3, () => undefined);
  const start = 'x'.repeat(1_000_000);
  const [one, other] = [limit.bound(`${start}1`), limit.bound(`${start}2`)];
  assert.equal(one.length, 128);
  assert.notEqual(one, other);
  assert.equal(limit.bound(`${start}1`), one);
});

test('L5 long values stay apart and are valid text', () => {
  const limit = new LabelLimit(1000, () => {});
  const long = (at: number): string => `${'d'.repeat(20_000)}${at}${'e'.repeat(950_000)}`;
  const values = new Set(Array.from({ length: 200 }, (_, at) => limit.bound(long(at))));
  assert.equal(values.size, 200);
  for (const before of ['', 'x']) assert.ok(limit.bound(before + '🙂'.repeat(100)).isWellFormed());
});

test('L5 what is kept of a long value does not hold the whole text in memory', () => {
  const text = `
    import { LabelLimit } from ${JSON.stringify(new URL('../../src/metrics/label-limit.ts', import.meta.url).href)};
    const limit = new LabelLimit(1000, () => {});
    for (let at = 0; at < 100; at += 1) limit.bound(at + 'd'.repeat(1_000_000));
    globalThis.gc();
    console.log(process.memoryUsage().heapUsed, limit.bound('x'));`;
  const args = ['--expose-gc', '--input-type=module', '--eval', text];
  const [bytes] = execFileSync(process.execPath, args, { encoding: 'utf8' }).split(' ').map(Number);
  assert.ok((bytes ?? Infinity) < 50_000_000, String(bytes));
});
