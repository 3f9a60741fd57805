import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOwnPatterns, patternLimits } from '../../../src/logging/redaction/own-patterns.ts';
import { createRedaction } from '../../../src/logging/redaction/redaction.ts';
import { cpuMs } from '../../helpers/cpu-ms.ts';

const fail = (): never => assert.fail('no pattern is refused here');

test('matches of own patterns are redacted beside what is built in', () => {
  const redact = createRedaction({ keys: [], patterns: ['EMP-\\d{6}', '\\bcus_\\w{8}\\b'], onProblem: fail });
  assert.equal(
    redact('EMP-123456 paid cus_abcd1234, password=hunter2'),
    '[REDACTED] paid [REDACTED], password=[REDACTED]',
  );
});

test('own names count in extras and in texts', () => {
  const redact = createRedaction({ keys: ['Shoe-Size'], patterns: [], onProblem: fail });
  assert.equal(redact('shoe_size=42 shoeSize: 43'), 'shoe_size=[REDACTED] shoeSize: [REDACTED]');
});

test('a pattern that cannot be used is reported and left out, the others hold', () => {
  const refused: string[] = [];
  const own = createOwnPatterns(
    ['(', 'a*', '(?=x)y', 'x'.repeat(patternLimits.chars + 1), '(a{100}){100}', '(?:a{9}b){150}', 'good\\d'],
    ({ got }) => refused.push(got),
  );
  assert.equal(refused.length, 6, refused.join('\n'));
  assert.equal(own?.redact('good1 aaa'), '[REDACTED] aaa');
});

test('there are at most 20 patterns', () => {
  const refused: string[] = [];
  createOwnPatterns(
    Array.from({ length: 22 }, (_, at) => `x${at}y`),
    ({ got }) => refused.push(got),
  );
  assert.equal(refused.length, 2);
});

test('what exceeds the budget of own patterns is cut, not written unseen', () => {
  const own = createOwnPatterns(['secret\\d+'], fail);
  const text = `${'a'.repeat(20_000)} secret17`;
  const redacted = own?.redact(text) ?? '';
  assert.ok(
    !redacted.includes('secret17') && redacted.length < 17_000 && redacted.endsWith('more characters]'),
  );
});

test('the classic exponential patterns take no more than their budget', () => {
  for (const pattern of ['(a+)+b', '(a|aa)+b', '(.*a){20}b', '([a-z]+)*x!']) {
    const own = createOwnPatterns([pattern], fail);
    const text = 'a'.repeat(60_000);
    own?.redact(text);
    const took = cpuMs(() => own?.redact(text));
    assert.ok(took < 1000, `${pattern}: ${took} ms`);
  }
});
