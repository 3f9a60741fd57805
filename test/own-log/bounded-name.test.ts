import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedName } from '../../src/own-log/bounded-name.ts';

test('a short name stays, a long one ends in a hash of the whole', () => {
  assert.equal(boundedName('api', 128), 'api');
  assert.equal(boundedName('x'.repeat(128), 128), 'x'.repeat(128));
  const long = boundedName('x'.repeat(129), 128);
  assert.match(long, /^x{119}-[0-9a-f]{8}$/);
  assert.equal(boundedName('x'.repeat(129), 128), long);
});

test('names that begin or end alike differ, however long they are', () => {
  const start = 'x'.repeat(1_000_000);
  const names = [`${start}a`, `${start}b`, `a${start}`, start, `${start}xx`].map((name) =>
    boundedName(name, 128),
  );
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.ok(name.length <= 128);
});

test('no character is cut in two', () => {
  assert.ok(boundedName(`${'x'.repeat(118)}😀${'y'.repeat(50)}`, 128).isWellFormed());
});
