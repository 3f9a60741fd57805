import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBound, formatFixed, formatPlain, formatShort } from '../../src/samples/format-number.ts';

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

test("numbers in texts are those of Go's %g: an exponent below 1e-04 and from 1e+06 on", () => {
  const expected: [number, string][] = [
    [0, '0'],
    [1.5, '1.5'],
    [100_000, '100000'],
    [999_999.5, '999999.5'],
    [1_000_000, '1e+06'],
    [1_234_567.5, '1.2345675e+06'],
    [1e20, '1e+20'],
    [0.0001, '0.0001'],
    [-0.00001, '-1e-05'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ];
  for (const [value, text] of expected) assert.equal(formatShort(value), text);
});

test("numbers in texts that are those of Go's %f have six decimals", () => {
  const expected: [number, string][] = [
    [1, '1.000000'],
    [1_234_567.5, '1234567.500000'],
    [-1e-7, '-0.000000'],
    [1e22, '10000000000000000000000.000000'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ];
  for (const [value, text] of expected) assert.equal(formatFixed(value), text);
});
