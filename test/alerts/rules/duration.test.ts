import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDurationMs, parseDurationMs } from '../../../src/promql/syntax/durations.ts';

test('durations are read as Prometheus reads them', () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['0', 0],
    ['0s', 0],
    ['15s', 15_000],
    ['250ms', 250],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['1y', 31_536_000_000],
    ['1y2w3d4h5m6s7ms', 33_019_506_007],
    ['', undefined],
    ['5', undefined],
    ['5 m', undefined],
    ['-5m', undefined],
    ['1.5h', undefined],
    ['30m1h', undefined],
    ['1m1m', undefined],
    ['300y', undefined],
  ];
  for (const [text, wanted] of cases) assert.equal(parseDurationMs(text), wanted, text);
});

test('durations are written as Prometheus writes them, and read back', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [1, '1ms'],
    [90_000, '1m30s'],
    [5_400_000, '1h30m'],
    [86_400_000, '1d'],
    [604_800_000, '1w'],
    [691_200_000, '8d'],
    [31_536_000_000, '1y'],
  ];
  for (const [valueMs, wanted] of cases) {
    assert.equal(formatDurationMs(valueMs), wanted);
    assert.equal(parseDurationMs(wanted), valueMs);
  }
});
