import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTextFormat } from '../../src/samples/text-format.ts';

const read = (text: string): readonly [string, number, number | undefined][] =>
  readTextFormat(text).samples.map(({ labels, value, timestampMs }) => [
    JSON.stringify(labels.toRecord()),
    value,
    timestampMs,
  ]);

test('names, labels with escapes, values in every form and timestamps are read', () => {
  const page = [
    '# HELP a A thing',
    '# TYPE a counter',
    'a 1',
    'a{} 2',
    'a{b="c"} 3 1700000000000',
    String.raw`a{b="q\"u\\o\nte",c="}{,=",} 1e-3`,
    'h_bucket{le="5"} +Inf',
    'n NaN',
    'm -Inf # {trace_id="x"} 1',
    '\tspaced{ x = "y" , z="" }  4  ',
    '',
  ].join('\n');
  assert.deepEqual(
    read(page),
    [
      ['{"__name__":"a"}', 1, undefined],
      ['{"__name__":"a"}', 2, undefined],
      ['{"__name__":"a","b":"c"}', 3, 1_700_000_000_000],
      [JSON.stringify({ __name__: 'a', b: 'q"u\\o\nte', c: '}{,=' }), 0.001, undefined],
      ['{"__name__":"h_bucket","le":"5.0"}', Number.POSITIVE_INFINITY, undefined],
      ['{"__name__":"n"}', Number.NaN, undefined],
      ['{"__name__":"m"}', Number.NEGATIVE_INFINITY, undefined],
    ].concat([['{"__name__":"spaced","x":"y"}', 4, undefined]] as never) as never,
  );
});

test('lines that are no sample are reported by number, and the others are read', () => {
  const { samples, malformed } = readTextFormat('a 1\nb{c="d} 2\n<html>\ne\nf x\n');
  assert.equal(samples.length, 1);
  assert.deepEqual(
    malformed.map(({ line }) => line),
    [2, 3, 4, 5],
  );
});

test('no page makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (text) => {
      readTextFormat(text);
      readTextFormat(`a{${text}`);
    }),
    { numRuns: 500, seed: 1 },
  );
  readTextFormat(`a{${'x="y",'.repeat(100_000)}`);
  readTextFormat(`a{b="${'\\'.repeat(1_000_001)}`);
});

test('M10 a page with more samples than the store takes ends at the first line beyond', () => {
  const { samples, malformed } = readTextFormat('a 1\n'.repeat(150_000));
  assert.equal(samples.length, 100_000);
  assert.deepEqual(malformed[0], { line: 100_001, text: 'a 1' });
  assert.equal(malformed.length, 20);
});

test('a label value that no pattern should be matched with is no sample', () => {
  const { samples, malformed } = readTextFormat(`a{b="${'x'.repeat(5000)}"} 1\na{__proto__="y"} 2\n`);
  assert.deepEqual(
    malformed.map(({ line }) => line),
    [1],
  );
  assert.equal(samples[0]?.labels.get('__proto__'), 'y');
});
