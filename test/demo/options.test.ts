import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../../demo/options.ts';

test('without arguments the demo runs until it is interrupted', () => {
  assert.deepEqual(readOptions([]), { forMs: undefined, json: false });
});

test('--for takes seconds, minutes and hours', () => {
  assert.equal(readOptions(['--for', '40s'])?.forMs, 40_000);
  assert.equal(readOptions(['--for=1.5m', '--json'])?.forMs, 90_000);
  assert.equal(readOptions(['--for', '1h'])?.forMs, 3_600_000);
});

test('a duration that is too short, too long or no duration is refused with what was expected', () => {
  for (const text of ['10s', '40', 'soon', '-40s', '25h', '']) {
    assert.throws(() => readOptions([`--for=${text}`]), /--for: expected a duration of 30s or more .* got "/);
  }
});

test('an unknown option is refused and --help asks for the usage', () => {
  assert.throws(() => readOptions(['--fro', '40s']), /--fro/);
  assert.equal(readOptions(['--help']), undefined);
});
