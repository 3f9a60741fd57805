import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RE2JS } from 're2js';
import { Matcher } from '../../../../src/promql/syntax/matchers/matcher.ts';
import { patternBytes, Re2Pattern } from '../../../../src/promql/syntax/matchers/re2.ts';
import { regexSize } from '../../../../src/promql/syntax/matchers/regex-size.ts';
import { parse, PromqlError } from '../../../../src/promql/index.ts';

const { RE2JS: engine } = createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS };

/** Instructions that the engine really makes. */
function compiledSize(pattern: string): number | undefined {
  try {
    const regex = engine.compile(pattern, engine.DOTALL) as unknown as {
      readonly re2Input: { readonly prog: { readonly inst: readonly unknown[] } };
    };
    return regex.re2Input.prog.inst.length;
  } catch {
    return undefined;
  }
}

describe('the size of a pattern is known before it is compiled', () => {
  test('it is never less than what the engine makes of it', () => {
    const plain = fc.constantFrom(
      'a',
      '.',
      '[a-z]',
      '[^a-z]',
      '[]a]',
      '[[:alpha:]_-]',
      '😀',
      '{',
      '^',
      '$',
      'é',
    );
    const backslash = fc.constantFrom('d', 'pL', 'x{41}', 'Qab*\\E', 'b', 'W').map((rest) => `\\${rest}`);
    const atom = fc.oneof(plain, backslash, fc.constant(String.raw`[\]x]`));
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 6 },
        atom,
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
        fc
          .tuple(fc.constantFrom('(', '(?:', '(?P<n>', '(?i:'), tie('pattern'))
          .map(([open, inner]) => `${open}${inner})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{3}', '{2,}', '{0,9}', '{5,7}?', '{1,30}'))
          .map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
      ),
    }));
    fc.assert(
      fc.property(pattern, (text) => {
        const real = compiledSize(text);
        fc.pre(real !== undefined);
        assert.ok(regexSize(text) >= real, `${text}: ${regexSize(text)} for ${real}`);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  test('it takes next to no time, whatever the repetitions', () => {
    assert.ok(regexSize('((((a{1000}){1000}){1000}){1000}){1000}') >= 1e12);
    assert.ok(regexSize(`${'('.repeat(5000)}a${')'.repeat(5000)}`) >= 1e12);
    assert.ok(regexSize('['.repeat(100_000)) > 0);
  });

  test('case folding over all of Unicode costs as much as it takes', () => {
    assert.ok(regexSize(String.raw`(?i)[\x{41}-\x{1e900}]`) > 2000);
    assert.ok(regexSize(String.raw`[\x{41}-\x{1e900}]`) < 10);
  });
});

describe('M1 one pattern, or many, fill the memory of the monitor', () => {
  const bomb = (count: number): string =>
    Array.from({ length: count }, (_, i) => `.*[a-z_]{0,1000}x${i}.*`).join('|');

  test('a pattern that is too large is an error with its position', () => {
    assert.throws(
      () => parse(`up{a="b",c=~"${bomb(300)}"}`),
      (error) =>
        error instanceof PromqlError && /expression too large/.test(error.message) && error.column === 10,
    );
    assert.throws(() => new Matcher('a', '=~', '(a{1000}){1000}'), /expression too large/);
    assert.throws(
      () => new Matcher('a', '=~', String.raw`(?i)[\x{41}-\x{1e900}]{9}`),
      /expression too large/,
    );
  });

  test('many patterns of one expression are too large together', () => {
    const selectors = Array.from({ length: 40 }, (_, i) => `up{a=~".*[a-z]{0,500}x${i}.*"}`).join(' + ');
    assert.throws(() => parse(selectors), /expressions too large together/);
  });

  test('a thousand addresses, and what dashboards send, still fit', () => {
    const addresses = Array.from({ length: 1000 }, (_, i) => String.raw`10\\.0\\.${i}\\.1:9100`).join('|');
    assert.ok(parse(`up{instance=~"${addresses}"}`));
    const names = Array.from({ length: 10_000 }, (_, i) => `pod-${i}`).join('|');
    assert.ok(parse(`up{pod=~"${names}"}`));
  });

  test('compiled patterns take a bounded memory together, and those that went still match', () => {
    const patterns = Array.from({ length: 300 }, (_, i) => new Re2Pattern(`x${i}[ab]{0,500}y`));
    for (const [i, pattern] of patterns.entries()) assert.ok(pattern.matches(`x${i}abbay`));
    assert.ok(patternBytes() <= 16_777_216, `${patternBytes()} bytes`);
    assert.ok(patterns[0]!.matches('x0by'));
    assert.ok(!patterns[0]!.matches('x1by'));
    assert.ok(patternBytes() <= 16_777_216, `${patternBytes()} bytes`);
  });

  test('a match that would take too long is refused before it begins', () => {
    const pattern = new Re2Pattern('(a|b|c|.){500}x');
    assert.throws(() => pattern.matches('a'.repeat(1_000_000)), /would take too long/);
  });
});
