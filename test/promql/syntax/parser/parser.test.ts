import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Node } from '../../../../src/promql/syntax/ast.ts';
import { walk } from '../../../../src/promql/syntax/ast.ts';
import { parse, print, PromqlError } from '../../../../src/promql/index.ts';

/** The text that each node covers, with its kind, parents first. */
function covered(text: string): string[] {
  return [...walk(parse(text).root)].map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

test('every node knows its source text', () => {
  assert.deepEqual(covered(' sum by (a) (rate(x{b="c"}[5m] offset 1m))  /  - 2 ^ (y)'), [
    'binary sum by (a) (rate(x{b="c"}[5m] offset 1m))  /  - 2 ^ (y)',
    'aggregate sum by (a) (rate(x{b="c"}[5m] offset 1m))',
    'call rate(x{b="c"}[5m] offset 1m)',
    'matrix-selector x{b="c"}[5m] offset 1m',
    'vector-selector x{b="c"}',
    'unary - 2 ^ (y)',
    'binary 2 ^ (y)',
    'number 2',
    'paren (y)',
    'vector-selector y',
  ]);
  assert.deepEqual(covered('sum(x) by (a)'), ['aggregate sum(x) by (a)', 'vector-selector x']);
  assert.deepEqual(covered('max_over_time((x)[1h:5m] @ 5)')[1], 'subquery (x)[1h:5m] @ 5');
});

/** The grouping of operators, as parentheses. */
function grouped(node: Node): string {
  switch (node.kind) {
    case 'binary':
      return `(${grouped(node.left)} ${node.op} ${grouped(node.right)})`;
    case 'unary':
      return `(${node.op}${grouped(node.expr)})`;
    case 'vector-selector':
      return node.name;
    case 'number':
      return String(node.value);
    case 'paren':
      return grouped(node.expr);
    case 'string':
    case 'matrix-selector':
    case 'subquery':
    case 'call':
    case 'aggregate':
      return '?';
  }
}

describe('operators bind as in Prometheus', () => {
  const expected: [string, string][] = [
    ['a + b * c', '(a + (b * c))'],
    ['a * b ^ c', '(a * (b ^ c))'],
    ['a ^ b ^ c', '(a ^ (b ^ c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a or b and c', '(a or (b and c))'],
    ['a and b or c unless d', '((a and b) or (c unless d))'],
    ['a > b + c', '(a > (b + c))'],
    ['a == b > c', '((a == b) > c)'],
    ['a atan2 b % c', '((a atan2 b) % c)'],
    ['-a ^ b', '(-(a ^ b))'],
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['-a * b', '((-a) * b)'],
    ['a ^ -b * c', '((a ^ (-b)) * c)'],
    ['- - a', '(-(-a))'],
  ];
  for (const [text, group] of expected) {
    test(`${text} is ${group}`, () => assert.equal(grouped(parse(text).root), group));
  }
});

test('numbers come in all the forms of Prometheus', () => {
  const expected: [string, number][] = [
    ['0x1F', 31],
    ['0755', 493],
    ['08', 8],
    ['1_000.5', 1000.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['nAn', Number.NaN],
    ['1h30m', 5400],
    ['1y2w3d4h5m6s7ms', 33_019_506.007],
  ];
  for (const [text, value] of expected) {
    const { root } = parse(text);
    assert.equal(root.kind, 'number');
    assert.equal(root.value, value);
  }
});

test('strings take the escapes of Go', () => {
  const { root } = parse(String.raw`"\x41\u00e5\101\n\"\U0001F600\xc3\xa5"`);
  assert.equal(root.kind, 'string');
  assert.equal(root.value, 'AåA\n"😀å');
});

test('words with a meaning are metric names where an expression begins', () => {
  for (const name of ['sum', 'by', 'offset', 'and', 'start', 'group', 'without', 'step']) {
    const { root } = parse(`${name} + 1`);
    assert.equal(root.kind === 'binary' && root.left.kind === 'vector-selector' && root.left.name, name);
  }
});

test('comments count as blanks', () => {
  assert.equal(print(parse('sum( # all\n x # of them\n)\n# end')), 'sum(x)');
});

test('what is printed is one spelling, and parses to the same', () => {
  const texts: [string, string][] = [
    ['SUM BY(b,a)(x)', 'sum by (b, a) (x)'],
    ['topk without () (3,x)', 'topk without () (3, x)'],
    ['x{b="2",a=~"1"}', 'x{a=~"1",b="2"}'],
    ['{"a.b", "c d"!="e"}', '{"c d"!="e",__name__="a.b"}'],
    ['a*on(x)group_left b', 'a * on (x) group_left () b'],
    ['a==bool ignoring(x,y)b', 'a == bool ignoring (x, y) b'],
    ['x[300]offset-90', 'x[5m] offset -1m30s'],
    ['x @1.5 offset 1w', 'x @ 1.500 offset 1w'],
    ['x[1h:]@end()', 'x[1h:] @ end()'],
    ['rate(x[5m] @ 1 anchored offset 1m)', 'rate(x[5m] anchored @ 1.000 offset 1m)'],
    ['x offset 1m smoothed @ 2', 'x @ 2.000 smoothed offset 1m'],
    ['x[(step()+1m)*2:max_of(1m,2s)]', 'x[(step() + 1m) * 2:max_of(1m, 2s)]'],
    ['-(1e21)+-2', '-(1000000000000000000000) + -2'],
    ['round(x,.5)', 'round(x, 0.5)'],
  ];
  for (const [text, printed] of texts) {
    assert.equal(print(parse(text)), printed);
    assert.equal(print(parse(printed)), printed);
  }
});

test('an expression knows its type', () => {
  assert.equal(parse('1 + 1').type, 'scalar');
  assert.equal(parse('x + 1').type, 'vector');
  assert.equal(parse('(x[5m])').type, 'matrix');
  assert.equal(parse('"a"').type, 'string');
  assert.equal(parse('scalar(x) > bool 1').type, 'scalar');
});

test('experimental functions are accepted only when asked for', () => {
  assert.throws(() => parse('max_of(1, 2)'), /function "max_of" is not enabled/);
  assert.equal(parse('max_of(1, 2)', { experimental: true }).type, 'scalar');
});

test('names with dots and letters of all scripts need quotes unless the feature is on', () => {
  assert.throws(() => parse('http.requests'), /unexpected character: '\.'/);
  assert.throws(() => parse('größe'), PromqlError);
  assert.throws(() => parse('x{straße="a"}'), /unexpected character inside braces: 'ß'/);
  const options = { unquotedUtf8Names: true };
  assert.equal(print(parse('http.requests{straße="a"}', options)), 'http.requests{"straße"="a"}');
  // The Kelvin sign is a letter whose lower case is k: a name, no keyword.
  assert.equal(print(parse('top\u212A', options)), 'top\u212A');
});
