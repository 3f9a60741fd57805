import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { evaluateInstant, type Expr, parse, print, PromqlError } from '../../src/promql/index.ts';
import { Labels } from '../../src/samples/labels.ts';
import { SampleStore } from '../../src/samples/sample-store.ts';

/** Set FUZZ_RUNS for the long form. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 4000);

/** Pieces of the language; joined at random they reach every corner of lexer, parser and checker. */
const piece = fc.constantFrom(
  ...'( ) { } [ ] , + - * / % ^ == != =~ !~ = < > <= >= and or unless atan2 offset @ by without on ignoring group_left'.split(
    ' ',
  ),
  ...'group_right bool sum topk count_values quantile avg rate foo a:b "s" \'t\' `r` 5m 1 0x1F 1e3 .5 inf nan start() end()'.split(
    ' ',
  ),
  ...'[5m] [5m:1m] [5m:] {a="b"} {a=~"b|c"} {"u.t"} time() vector(1) abs label_replace histogram_quantile scalar absent'.split(
    ' ',
  ),
  ...'by(a) on(a) group_left(b) rate(foo[5m]) foo{a="1"} step() min_of( anchored fill( limitk info( # \n \\ \u00e9 \ud800'.split(
    ' ',
  ),
);
const soup = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(' '));
const noise = fc.string({ unit: 'binary', maxLength: 40 });

/** The expression, or undefined when it was refused as it should be. */
function tryParse(text: string): Expr | undefined {
  try {
    return parse(text, { experimental: true });
  } catch (error) {
    assert.ok(error instanceof PromqlError, `${JSON.stringify(text)}: ${String(error)}`);
    assert.equal(error.kind, 'parse');
    assert.ok(error.message.length > 0);
    assert.ok(error.line >= 1 && error.column >= 1);
    assert.ok(error.start >= 0 && error.start <= text.length && error.end >= error.start);
    return undefined;
  }
}

const store = new SampleStore();
for (const a of ['1', '2', '']) {
  for (let i = 0; i < 20; i++) store.append(Labels.from({ __name__: 'foo', a }), i * 30_000, i);
}

test('whatever the text, the parser answers with an expression or with a coded error with a position', () => {
  fc.assert(
    fc.property(fc.oneof(soup, noise), (text) => void tryParse(text)),
    { numRuns: RUNS },
  );
});

test('what parses also prints, parses again to the same, and evaluates or fails with a coded error', () => {
  fc.assert(
    fc.property(soup, (text) => {
      const expr = tryParse(text);
      if (expr === undefined) return;
      const printed = print(expr);
      assert.equal(print(parse(printed, { experimental: true })), printed);
      try {
        evaluateInstant(expr, store, 570_000, { maxSamples: 100_000 });
      } catch (error) {
        assert.ok(error instanceof PromqlError, `${text}: ${String(error)}`);
        assert.equal(error.kind, 'evaluation');
      }
    }),
    { numRuns: RUNS },
  );
});
