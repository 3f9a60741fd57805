import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Re2Pattern } from '../../../../src/promql/syntax/matchers/re2.ts';
import { simplePattern } from '../../../../src/promql/syntax/matchers/simple-pattern.ts';

test('literals, wildcards and their alternations need no RE2 engine; everything else does', () => {
  for (const pattern of [
    '',
    '.*',
    '.+',
    'GET',
    '401|403',
    '(a|b)',
    '5..',
    '/api/.*',
    '.*/pay',
    '.*a.*|.*b.*',
    '',
  ]) {
    assert.ok(simplePattern(pattern), pattern);
  }
  for (const pattern of [
    'a?',
    '[ab]',
    'a{2}',
    '(?i)a',
    'a\\.b',
    '(a)(b)',
    '((a))',
    'a*',
    '.*.*.*',
    '^a',
    'a$',
    '.??',
  ]) {
    assert.equal(simplePattern(pattern), undefined, pattern);
  }
});

test('what needs no RE2 engine answers as the engine does', () => {
  const piece = fc.constantFrom('a', 'b', 'å', '😀', '/', '-', '.', '.*', '.+', '|', '5', '\n');
  const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const value = fc.array(fc.constantFrom('a', 'b', 'å', '😀', '/', '-', '5', '\n', '.'), { maxLength: 8 });
  fc.assert(
    fc.property(pattern, value, (text, characters) => {
      const simple = simplePattern(text);
      fc.pre(simple !== undefined);
      const joined = characters.join('');
      assert.equal(
        simple.accepts(joined),
        new Re2Pattern(text).matches(joined),
        `${JSON.stringify(text)} on ${JSON.stringify(joined)}`,
      );
    }),
    { numRuns: 5000, seed: 1 },
  );
});
