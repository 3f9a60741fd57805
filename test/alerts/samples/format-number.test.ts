import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBound, formatPlain, formatShort } from '../../../src/alerts/samples/format-number.ts';

test('bucket bounds have a point or an exponent, as Prometheus 3 stores them', () => {
  const expected: [number, string][] = [
    [0, '0.0'],
    [5, '5.0'],
    [0.005, '0.005'],
    [2.5, '2.5'],
    [100_000, '100000.0'],
    [1_000_000, '1e+06'],
    [1_234_567, '1.234567e+06'],
    [0.00001, '1e-05'],
    [-1, '-1.0'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NaN, 'NaN'],
  ];
  for (const [value, text] of expected) assert.equal(formatBound(value), text);
});

test('count_values never writes an exponent', () => {
  assert.equal(formatPlain(1e21), '1000000000000000000000');
  assert.equal(formatPlain(1.5e-7), '0.00000015');
  assert.equal(formatPlain(-12.25), '-12.25');
  assert.equal(formatPlain(0), '0');
  assert.equal(formatPlain(Number.NEGATIVE_INFINITY), '-Inf');
});

test('numbers in texts have an exponent from 1e+21 on', () => {
  assert.equal(formatShort(1e20), '100000000000000000000');
  assert.equal(formatShort(1e21), '1e+21');
  assert.equal(formatShort(0.00001), '1e-05');
});
