import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createRedactedJson } from '../../../src/logging/redaction/redacted-json.ts';
import { redactText } from '../../../src/logging/redaction/redact-text.ts';
import { harmlessRows, secretRows } from './corpus/corpus.ts';

const json = createRedactedJson(redactText);
const parts = [...secretRows(), ...harmlessRows()].flatMap(({ logged }) =>
  'text' in logged ? [logged.text] : [],
);
const signs = [
  ...Array.from('=:"\'`\\{}[](),;&?#%@/<>-_ \n\r\t.~+*$|0123456789'),
  '://',
  '%3D',
  '&quot;',
  '[REDACTED]',
  '\\"',
  '\u00a0',
  '：',
  '😀',
  '\ud800',
  '-----BEGIN PRIVATE KEY-----',
  'password',
  'token',
  'Bearer ',
  'name="',
  'eyJ',
];
/** Pieces of the corpus, cut anywhere, with the signs that the searches go by in between. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...signs),
      fc
        .tuple(fc.constantFrom(...parts), fc.nat(80), fc.nat(80))
        .map(([part, from, to]) => part.slice(Math.min(from, to), Math.max(from, to))),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''));

const runs = { numRuns: 20_000, seed: 20_261_128 } as const;

test('redaction never throws, and keeps all that is outside of secrets', () => {
  fc.assert(
    fc.property(text, (before) => {
      const after = redactText(before);
      // What is left of the text between the marks is in it in the same order.
      let at = 0;
      for (const kept of after.split(/(?:\\*["']|&quot;)?\[REDACTED\](?:\\*["']|&quot;)?/)) {
        const found = before.indexOf(kept, at);
        assert.ok(found >= 0, `${JSON.stringify(before)} → ${JSON.stringify(after)}`);
        at = found + kept.length;
      }
    }),
    runs,
  );
});

test('redaction is idempotent', () => {
  fc.assert(
    fc.property(text, (before) => {
      const once = redactText(before);
      assert.equal(redactText(once), once);
    }),
    runs,
  );
});

test('JSON in a text stays JSON', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      text,
      fc.integer({ min: 0 }),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(4_111_111_111_111_111, 198_112_289_874),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('password', 'token', 'auth', 'name', 'value', 'cookie', 'pin', 'authorization', 'a'),
        tie('any'),
        { maxKeys: 4 },
      ),
    ),
  })).any;
  fc.assert(
    fc.property(value, fc.boolean(), (content, indented) => {
      JSON.parse(redactText(JSON.stringify({ content }, null, indented ? 2 : 0)));
    }),
    { ...runs, numRuns: 5000 },
  );
});

test('extras are written as JSON, whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.dictionary(text, fc.oneof(text, fc.jsonValue() as fc.Arbitrary<never>, fc.double()), { maxKeys: 6 }),
      (extras) => {
        JSON.parse(`{${json.attributes(extras)}}`);
      },
    ),
    { ...runs, numRuns: 5000 },
  );
});
