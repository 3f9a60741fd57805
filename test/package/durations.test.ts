import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

const tests = join(import.meta.dirname, '..');
const CLOCK = /performance\.now\(|cpuUsage\(|hrtime/i;
/** They compare a clock with a value of the product, or a duration with the least that it may be. */
const MAY_READ_A_CLOCK = new Set([
  'drain.test.ts',
  'durations.test.ts',
  'recipe-source.test.ts',
  'runtime.test.ts',
]);

test('T a test that measures time is in test/perf, where a busy machine fails nothing', () => {
  const found = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !MAY_READ_A_CLOCK.has(basename(file)))
    .filter((file) => CLOCK.test(readFileSync(join(tests, file), 'utf8')));
  assert.deepEqual(found, []);
});

test('T a wait in a test has an end: loops wait through test/helpers only', () => {
  const waiting =
    /\b(?:while \((?![^\n]*&& \w+ < )[^\n]*\)|for \(;;\))\s*\{?[^}]*\bawait (?:turn|pause|delay|new Promise|setImmediate|setTimeout)/;
  const found = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => waiting.test(readFileSync(join(tests, file), 'utf8')));
  assert.deepEqual(found, []);
});
