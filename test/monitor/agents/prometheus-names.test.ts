import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { metricName, prometheusLabels } from '../../../src/monitor/agents/prometheus-names.ts';

const rows: readonly (readonly [given: Record<string, string>, shown: Record<string, string>])[] = [
  [{ method: 'GET' }, { method: 'GET' }],
  [{ 'user-id': '1', 'user.id': '2' }, { user_id: '1;2' }],
  [{ 'http.status': 'a', http_status: 'b' }, { http_status: 'a;b' }],
  [{ 'b.c': '2', b_c: '3', 'b-c': '1' }, { b_c: '1;2;3' }],
  [{ '5xx': 'true' }, { _5xx: 'true' }],
  [{ '': 'x' }, { _: 'x' }],
  [{ '': 'x', _: 'y', å: 'z' }, { _: 'x;y;z' }],
  [{ __name__: 'x' }, { _name_: 'x' }],
  [{ le: '3' }, { le: '3' }],
  [{}, {}],
];

test('O4 names of labels are those that Prometheus takes, and values of keys that become one are joined', () => {
  for (const [given, shown] of rows) assert.deepEqual(prometheusLabels(given, false), shown);
  assert.deepEqual(prometheusLabels({ le: '3', exported_le: '4' }, true), { exported_le: '4;3' });
  assert.deepEqual(prometheusLabels({ le: '3' }, true), { exported_le: '3' });
});

test('the labels of a series are the same object at each collection', () => {
  const given = { 'user.id': '1' };
  assert.equal(prometheusLabels(given, false), prometheusLabels(given, false));
  const fine = { user_id: '1' };
  assert.equal(prometheusLabels(fine, false), fine);
});

test('O4 whatever the service has, each name is valid in Prometheus and appears once', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fc.boolean(), (given, isHistogram) => {
      const shown = prometheusLabels(given, isHistogram);
      for (const name of Object.keys(shown)) assert.match(name, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
      assert.deepEqual(prometheusLabels(shown, isHistogram), shown);
    }),
  );
  fc.assert(fc.property(fc.string(), (name) => assert.match(metricName(name), /^[a-zA-Z_][a-zA-Z0-9_]*$/)));
});
