import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSources } from '../../src/sources/index.ts';
import { collectedMetrics } from '../helpers/collected-metrics.ts';

test('a source that cannot start is said and left out, the others observe', async (t) => {
  const { recorder, meter, read } = collectedMetrics();
  const errors: unknown[] = [];
  Object.defineProperty(recorder, 'instruments', {
    get(): never {
      throw new Error('no instruments');
    },
  });
  const sources = startSources(recorder, meter, (error) => errors.push(error));
  t.after(() => sources.stop());
  assert.deepEqual(errors.map(String), ['Error: no instruments']);
  const names = (await read()).map(({ descriptor }) => descriptor.name);
  assert.ok(names.includes('process_cpu_seconds_total'), names.join());
});

test('stopping twice is harmless', () => {
  const { recorder, meter } = collectedMetrics();
  const sources = startSources(recorder, meter, (error) => assert.fail(String(error)));
  sources.stop();
  assert.doesNotThrow(() => sources.stop());
});
