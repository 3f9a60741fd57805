import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Labels, quoteText } from '../../src/samples/labels.ts';

test('a label with an empty value is as if absent', () => {
  const labels = Labels.from({ a: '', b: '1' });
  assert.equal(labels.has('a'), false);
  assert.equal(labels.get('a'), '');
  assert.equal(labels.size, 1);
  assert.equal(Labels.from({ a: '' }), Labels.empty);
});

test('labels are sorted by name whatever order they come in', () => {
  const labels = Labels.from({ b: '2', __name__: 'x', a: '1' });
  assert.deepEqual(labels.entries(), [
    ['__name__', 'x'],
    ['a', '1'],
    ['b', '2'],
  ]);
  assert.equal(labels.metricName, 'x');
});

test('with, keep and drop make new labels and leave the old ones alone', () => {
  const labels = Labels.from({ __name__: 'x', a: '1', b: '2' });
  assert.deepEqual(labels.with({ a: '', c: '3' }).toRecord(), { __name__: 'x', b: '2', c: '3' });
  assert.deepEqual(labels.keep(['a', 'z']).toRecord(), { a: '1' });
  assert.deepEqual(labels.drop(['a', 'z']).toRecord(), { __name__: 'x', b: '2' });
  assert.deepEqual(labels.withoutName.toRecord(), { a: '1', b: '2' });
  assert.equal(labels.withoutName, labels.withoutName);
  assert.equal(labels.size, 3);
});

test('labels print as Prometheus prints a series', () => {
  assert.equal(Labels.from({ __name__: 'x' }).toString(), 'x');
  assert.equal(Labels.from({ __name__: 'x', a: 'q"\n' }).toString(), String.raw`x{a="q\"\n"}`);
  assert.equal(Labels.from({ __name__: 'a.b', 'c.d': '1' }).toString(), '{"a.b", "c.d"="1"}');
  assert.equal(Labels.empty.toString(), '{}');
  assert.equal(Labels.from({ __name__: 'x', a: '1' }).toSetString(), '{__name__="x", a="1"}');
});

test('a byte that is no UTF-8 prints as the escape that it was written as', () => {
  assert.equal(quoteText('a\udcc5z'), String.raw`"a\xc5z"`);
  assert.equal(quoteText('\u0001'), String.raw`"\x01"`);
});

test('keys are equal exactly for equal label sets', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '\u007F', '\u0080'), maxLength: 4 });
  const record = fc.dictionary(part, part, { maxKeys: 3 });
  fc.assert(
    fc.property(record, record, (left, right) => {
      const [a, b] = [Labels.from(left), Labels.from(right)];
      const isSame = JSON.stringify(a.entries()) === JSON.stringify(b.entries());
      assert.equal(a.key === b.key, isSame);
      assert.equal(a.equals(b), isSame);
    }),
    { numRuns: 2000 },
  );
});

test('label sets sort as in Prometheus: a shorter name or value first', () => {
  const of = (record: Record<string, string>): Labels => Labels.from(record);
  const sorted = [
    of({}),
    of({ a: '1' }),
    of({ a: '1', b: '1' }),
    of({ a: '10' }),
    of({ a: '2' }),
    of({ ab: '1' }),
  ];
  assert.deepEqual([...sorted].reverse().sort(Labels.compare), sorted);
});
