import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apiServer } from '../../../helpers/api/api-server.ts';

const PATHS = ['query', 'query_range', 'series', 'labels', 'label/x/values', 'rules', 'alerts', 'metadata'];
const NAMES = [
  'query',
  'time',
  'start',
  'end',
  'step',
  'timeout',
  'limit',
  'lookback_delta',
  'match[]',
  'type',
  'rule_name[]',
  'exclude_alerts',
  'metric',
];
const PARTS = [
  'requests_total',
  'sum',
  'rate',
  '(',
  ')',
  '{',
  '}',
  '[5m]',
  '[1h:1ms]',
  '@ start()',
  ' offset -1y',
  '=~"(a|b)*"',
  '1e300',
  '-1',
  '0',
  'NaN',
  '2026-11-24T06:00:00Z',
  '300',
  '1m',
  'by (x)',
  ' / ',
  '"',
  '\\',
  '\u0000',
  '\ud800',
  'é',
];

const value = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ maxLength: 20 }),
  fc.double().map(String),
);
const params = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(value, fc.array(value, { maxLength: 3 })), {
  maxKeys: 6,
});

test('whatever is asked, the answer is an envelope with a known status, and nothing is logged as an error', async (t) => {
  const api = await apiServer(t, {
    series: ['requests_total{x="a"} 0+1x50', 'requests_total{x="b"} 0+2x50'],
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PATHS), params, async (path, given) => {
      const { status, json } = await api.get(path, given);
      assert.ok([200, 400, 422, 503].includes(status), String(status));
      assert.equal(json.status, status === 200 ? 'success' : 'error');
      if (status !== 200) assert.equal(typeof json.error, 'string');
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(
    api.log.lines.filter((line) => line.startsWith('ERROR')),
    [],
  );
});
