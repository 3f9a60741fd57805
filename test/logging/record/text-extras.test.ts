import assert from 'node:assert/strict';
import test from 'node:test';
import { textExtras } from '../../../src/logging/record/text-extras.ts';

const inside = (extras: unknown): string => JSON.stringify(extras).slice(1, -1);

test('L9 extras are behind the message as key=value', () => {
  assert.equal(
    textExtras(inside({ order: 42, user: 'u1', ok: true, none: null })),
    ' order=42 user=u1 ok=true none=null',
  );
  assert.equal(textExtras(''), '');
});

test('texts with blanks, quotes or signs are in quotes, nested values are JSON', () => {
  const extras = {
    a: 'two words',
    b: 'x="y"',
    c: '',
    d: { e: [1, '}', '"'], f: {} },
    g: [],
    'a key': 1,
    h: 'a=b',
    i: '\\',
  };
  assert.equal(
    textExtras(inside(extras)),
    String.raw` a="two words" b="x=\"y\"" c="" d={"e":[1,"}","\""],"f":{}} g=[] "a key"=1 h="a=b" i="\\"`,
  );
  assert.equal(
    textExtras(inside({ name: 'Åsa', path: '/a/b.js:1', mail: 'a@b.se' })),
    ' name=Åsa path=/a/b.js:1 mail=a@b.se',
  );
});

test('the stack is written below the line', () => {
  assert.equal(
    textExtras(inside({ 'exception.type': 'E', 'exception.stacktrace': 'a\nb', after: 1 })),
    ' exception.type=E after=1',
  );
});

test('whatever the extras are, each key is there once and nothing breaks the line', () => {
  const awkward = ['"', '\\', ',', ':', '{', '}', '[', ']', '\n', '\u2028', '=', ' ', 'x'];
  for (const one of awkward) {
    for (const other of awkward) {
      const extras = { [one + other]: other + one, list: [one, { [other]: one }], end: 7 };
      const text = textExtras(inside(extras));
      assert.match(text, / end=7$/);
      assert.ok(!text.includes('\n'), text);
    }
  }
});
