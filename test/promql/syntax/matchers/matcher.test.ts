import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Matcher } from '../../../../src/promql/syntax/matchers/matcher.ts';
import { RE2JS } from 're2js';

test('patterns match the whole value', () => {
  const matcher = new Matcher('a', '=~', 'b|cd?');
  assert.deepEqual(
    ['b', 'c', 'cd', 'bc', 'xb', ''].map((value) => matcher.matches(value)),
    [true, true, true, false, false, false],
  );
  assert.equal(new Matcher('a', '!~', 'b|cd?').matches('bc'), true);
});

test('patterns are RE2 and not JavaScript', () => {
  assert.equal(new Matcher('a', '=~', '(?i:B)').matches('b'), true);
  assert.equal(new Matcher('a', '=~', '[[:alpha:]]+').matches('abc'), true);
  assert.equal(new Matcher('a', '=~', String.raw`\pL+`).matches('åäö'), true);
  assert.equal(new Matcher('a', '=~', 'a.b').matches('a\nb'), true);
  assert.throws(
    () => new Matcher('a', '=~', '(?=x)'),
    /error parsing regexp: invalid or unsupported Perl syntax: `\(\?=`/,
  );
  assert.throws(() => new Matcher('a', '=~', 'a('), /error parsing regexp: missing closing \): `a\(`/);
});

test('the short ways of simple patterns answer as RE2 does', () => {
  const piece = fc.constantFrom('a', 'b', '|', '(', ')', '.*', '.+', '.', '', '-', '\n');
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '\n', '|'), maxLength: 4 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), text, (pieces, value) => {
      const pattern = pieces.join('');
      let full: RE2JS;
      try {
        full = RE2JS.compile(pattern, RE2JS.DOTALL);
      } catch {
        assert.throws(() => new Matcher('a', '=~', pattern));
        return;
      }
      assert.equal(new Matcher('a', '=~', pattern).matches(value), full.matches(value), pattern);
    }),
    { numRuns: 3000 },
  );
});

test('a pattern that would unroll into millions of states is refused', () => {
  assert.throws(() => new Matcher('a', '=~', '((a{1000}){1000}){1000}'), /error parsing regexp/);
});
