import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, stackEnvironment } from '../../scripts/stack/options.ts';

test('without options the stack takes the usual ports and what there is', () => {
  assert.deepEqual(readOptions([]), {
    how: 'auto',
    ports: 'default',
    logs: undefined,
    demo: false,
    fresh: false,
  });
  assert.equal(readOptions(['--help']), undefined);
});

test('an invalid option is an error with what was expected', () => {
  assert.throws(() => readOptions(['--ports', 'any']), /--ports: expected default or free, got "any"/);
  assert.throws(() => readOptions(['--native', '--compose']), /exclude each other/);
  assert.throws(() => readOptions(['--native', '--demo']), /needs containers/);
});

test('a token closes the collector, and an invalid path for metrics is an error', () => {
  assert.equal(stackEnvironment({})['OTLP_ACCESS'], 'open');
  assert.equal(stackEnvironment({ OTLP_TOKEN: 'x' })['OTLP_ACCESS'], 'token');
  assert.throws(
    () => stackEnvironment({ STACK_METRICS: 'both' }),
    /STACK_METRICS: expected otlp or scrape, got "both"/,
  );
});
