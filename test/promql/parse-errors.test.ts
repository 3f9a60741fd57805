import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, PromqlError } from '../../src/promql/index.ts';

/** Text, and the error as Prometheus 3 prints it: `line:column: parse error: message`. */
const wrong: readonly (readonly [string, string])[] = [
  ['', '1:1: parse error: no expression found in input'],
  ['# nothing', '1:1: parse error: no expression found in input'],
  ['1 +', '1:4: parse error: unexpected end of input'],
  ['a +\n  * b', '2:3: parse error: unexpected <op:*>'],
  ['.', "1:1: parse error: unexpected character: '.'"],
  ['2.5.', '1:1: parse error: bad number or duration syntax: "2.5."'],
  [
    '1e400',
    '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range',
  ],
  ['(1', '1:3: parse error: unclosed left parenthesis'],
  ['(1))', "1:5: parse error: unexpected right parenthesis ')'"],
  ['a b', '1:3: parse error: unexpected identifier "b"'],
  ['a }', "1:3: parse error: unexpected character: '}'"],
  ['1 =~ 1', "1:3: parse error: unexpected character after '=': '~'"],
  ['1 !~ 1', "1:3: parse error: unexpected character after '!': '~'"],
  ['"abc', '1:1: parse error: unterminated quoted string'],
  [String.raw`"\q"`, "1:1: parse error: unknown escape sequence U+0071 'q'"],
  ['`abc', '1:1: parse error: unterminated raw string'],
  ['x{', '1:3: parse error: unexpected end of input inside braces'],
  ['x{a}', '1:4: parse error: unexpected "}" in label matching, expected label matching operator'],
  ['x{a=b}', '1:5: parse error: unexpected identifier "b" in label matching, expected string'],
  ['x{1}', "1:3: parse error: unexpected character inside braces: '1'"],
  ['x{,}', '1:3: parse error: unexpected "," in label matching, expected identifier or "}"'],
  ['x{a="b" c="d"}', '1:9: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
  ['x{a=~"b("}', '1:3: parse error: error parsing regexp: missing closing ): `b(`'],
  ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['x{__name__="y"}', '1:1: parse error: metric name must not be set twice: "x" or "y"'],
  ['x[', '1:3: parse error: unexpected end of input in duration expression'],
  [
    'x[]',
    '1:3: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()',
  ],
  ['x[5mm]', '1:3: parse error: bad number or duration syntax: "5mm"'],
  ['x[5y1hs]', '1:3: parse error: unknown unit "hs" in duration "5y1hs"'],
  ['x[5m1h]', '1:3: parse error: not a valid duration string: "5m1h"'],
  ['x[0m]', '1:3: parse error: duration must be greater than 0'],
  ['x["5m"]', "1:3: parse error: unexpected character in duration expression: '\"'"],
  ['x[5m:1m:1m]', "1:8: parse error: unexpected colon ':'"],
  ['x[5m/0]', '1:5: parse error: division by zero'],
  ['(a + b)[5m]', '1:8: parse error: ranges only allowed for vector selectors'],
  ['x offset 1m[5m]', '1:12: parse error: no offset modifiers allowed before range'],
  ['x @ 1[5m]', '1:6: parse error: no @ modifiers allowed before range'],
  [
    'x offset',
    '1:9: parse error: unexpected end of input in offset, expected number, duration, step(), or range()',
  ],
  ['x offset 1m offset 1m', '1:1: parse error: offset may not be set multiple times'],
  [
    '1 offset 1m',
    '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
  ],
  ['x @ y', '1:5: parse error: unexpected identifier "y" in @, expected timestamp'],
  ['x @ +Inf', '1:1: parse error: timestamp out of bounds for @ modifier: +Inf'],
  ['x @ 1 @ 2', '1:1: parse error: @ <timestamp> may not be set multiple times'],
  ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
  [
    'sum(a, b)',
    '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2',
  ],
  [
    'topk(a)',
    '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
  ],
  ['topk(a, b)', '1:6: parse error: expected type scalar in aggregation parameter, got instant vector'],
  ['count_values(1, b)', '1:14: parse error: expected type string in aggregation parameter, got scalar'],
  ['sum(1)', '1:5: parse error: expected type instant vector in aggregation expression, got scalar'],
  ['sum by a (x)', '1:8: parse error: unexpected identifier "a" in grouping opts, expected "("'],
  ['sum by (a b) (x)', '1:11: parse error: unexpected identifier "b" in grouping opts, expected "," or ")"'],
  ['sum by (1) (x)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
  ['sum(a b)', '1:7: parse error: unexpected identifier "b" in aggregation'],
  ['nothing_like_this(x)', '1:1: parse error: unknown function with name "nothing_like_this"'],
  ['mad_over_time(x[5m])', '1:1: parse error: function "mad_over_time" is not enabled'],
  ['info(x)', '1:1: parse error: function "info" is not enabled'],
  ['floor()', '1:1: parse error: expected 1 argument(s) in call to "floor", got 0'],
  ['round()', '1:1: parse error: expected at least 1 argument(s) in call to "round", got 0'],
  ['round(x, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
  ['rate(x)', '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
  ['abs(x,)', '1:6: parse error: trailing commas not allowed in function call args'],
  ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
  ['x + bool y', '1:3: parse error: bool modifier can only be used on comparison operators'],
  ['1 and x', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
  ['x and on (a) group_left (b) y', '1:1: parse error: no grouping allowed for "and" operation'],
  ['x + on (a) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
  [
    'x * on (a) group_left (a) y',
    '1:3: parse error: label "a" must not occur in ON and GROUP clause at once',
  ],
  ['x - on (b) ignoring (c) y', '1:12: parse error: unexpected <ignoring>'],
  ['"a" + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
  [
    '-"a"',
    '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
  ],
  ['x[5m][5m:]', '1:1: parse error: subquery is only allowed on instant vector, got matrix instead'],
  ['a + fill(0) b', '1:1: parse error: binop fill modifiers are experimental and not enabled'],
  ['x[5m] anchored smoothed', '1:1: parse error: anchored and smoothed modifiers cannot be used together'],
  ['(x) smoothed', '1:1: parse error: smoothed modifier not implemented'],
  ['x[5m:] anchored', '1:1: parse error: anchored modifier is not supported for subqueries'],
  [
    'limitk(1, x)',
    '1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions',
  ],
];

for (const [text, expected] of wrong) {
  test(`${JSON.stringify(text)} is refused with the words of Prometheus`, () => {
    assert.throws(
      () => parse(text),
      (error) => {
        assert.ok(error instanceof PromqlError);
        assert.equal(error.kind, 'parse');
        assert.equal(error.toString(), expected);
        return true;
      },
    );
  });
}

test('an error has line, column and the characters it is about', () => {
  assert.throws(
    () => parse('sum(\n  rate(x)\n)'),
    (error) => {
      assert.ok(error instanceof PromqlError);
      assert.deepEqual([error.line, error.column], [2, 8]);
      assert.deepEqual([error.start, error.end], [12, 13]);
      return true;
    },
  );
});

test('a text that is nested too deeply, or too long, is refused and does not exhaust the stack', () => {
  assert.throws(() => parse('('.repeat(100_000)), /nested more than 250 levels/);
  assert.throws(() => parse('-'.repeat(100_000)), /nested more than 250 levels/);
  assert.throws(() => parse(`x[${'('.repeat(100_000)}`), /nested more than 100 levels/);
  assert.throws(() => parse(`1${'+1'.repeat(100_000)}`), /more than 500 operators/);
});
