import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRfc3339, parseRfc3339 } from '../../src/time/rfc3339.ts';

test('times are read as RFC 3339 has them', () => {
  const atMs = Date.UTC(2026, 10, 23, 19, 15, 0, 123);
  for (const text of [
    '2026-11-23T19:15:00.123Z',
    '2026-11-23T20:15:00.123+01:00',
    '2026-11-23t19:15:00.123z',
    '2026-11-23 19:15:00.123Z',
    '2026-11-23T19:15:00.123456789Z',
  ]) {
    assert.equal(parseRfc3339(text), atMs, text);
  }
  assert.equal(formatRfc3339(atMs), '2026-11-23T19:15:00.123Z');
  assert.equal(parseRfc3339('2028-02-29T00:00:00Z'), Date.UTC(2028, 1, 29));
  assert.equal(parseRfc3339('0000-02-29T00:00:00Z'), Date.parse('0000-02-29T00:00:00Z'));
});

test('what RFC 3339 does not have is no time', () => {
  for (const text of [
    '',
    '2026-11-23',
    '2026-11-23T19:15:00',
    '2026-11-23T19:15Z',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T23:60:00Z',
    '2026-11-23T23:59:60Z',
    '2026-11-23T19:15:00+99:00',
    'Mon, 23 Nov 2026 19:15:00 GMT',
    '+002026-11-23T19:15:00Z',
  ]) {
    assert.equal(parseRfc3339(text), undefined, text);
  }
});
