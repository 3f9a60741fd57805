import assert from 'node:assert/strict';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import { toAttributes } from '../../../src/logging/record/extras.ts';
import { limits } from '../../../src/logging/record/limits.ts';

test('no extras are no attributes', () => {
  assert.equal(toAttributes(undefined), undefined);
  assert.equal(toAttributes(null), undefined);
});

test('simple values stay what they are', () => {
  assert.deepEqual(toAttributes({ user: 'u1', ms: 12.5, ok: true }), { user: 'u1', ms: 12.5, ok: true });
});

test('values that JSON and OpenTelemetry do not know become text', () => {
  const attributes = toAttributes({
    big: 10n,
    nan: Number.NaN,
    date: new Date(0),
    regex: /a+/g,
    url: new URL('http://x/y'),
    bytes: new Uint8Array(3),
    fn: function named() {},
    symbol: Symbol('s'),
    missing: undefined,
    nothing: null,
  });
  assert.deepEqual(attributes, {
    big: '10',
    nan: 'NaN',
    date: '1970-01-01T00:00:00.000Z',
    regex: '/a+/g',
    url: 'http://x/y',
    bytes: '[3 bytes]',
    fn: '[Function named]',
    symbol: 'Symbol(s)',
    nothing: null,
  });
});

test('an error becomes exception.*, with its cause and code', () => {
  const error = Object.assign(new TypeError('nope', { cause: new RangeError('inner') }), { code: 'E_NOPE' });
  const attributes = toAttributes({ error }) ?? {};
  assert.equal(attributes['exception.type'], 'TypeError');
  assert.equal(attributes['exception.message'], 'nope');
  assert.equal(attributes['exception.code'], 'E_NOPE');
  assert.match(
    String(attributes['exception.stacktrace']),
    /^TypeError: nope\n {4}at .*\n[\s\S]*Caused by: RangeError: inner\n/,
  );
});

test('a second error goes under the name of its extra, and an error may stand for all extras', () => {
  const both = toAttributes({ first: new Error('a'), second: new RangeError('b') }) ?? {};
  assert.equal(both['exception.message'], 'a');
  assert.equal(both['second.type'], 'RangeError');
  assert.equal(toAttributes(new Error('alone'))?.['exception.message'], 'alone');
});

test('an error of another realm is an error', () => {
  const foreign: unknown = runInNewContext('new TypeError("from elsewhere")');
  assert.equal(toAttributes({ foreign })?.['exception.type'], 'TypeError');
});

test('cycles, depth and number of entries are bounded', () => {
  const cycle: Record<string, unknown> = { name: 'a' };
  cycle['self'] = cycle;
  assert.deepEqual(toAttributes({ cycle }), { cycle: { name: 'a', self: '[Circular]' } });

  let deep: Record<string, unknown> = { end: true };
  for (let level = 0; level < 50; level++) deep = { deep };
  assert.match(JSON.stringify(toAttributes({ deep })), /\[Object\]/);

  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]));
  assert.equal(Object.keys(toAttributes(wide) ?? {}).length, limits.extras);
  const nested = toAttributes({ wide }) ?? {};
  assert.equal(Object.keys(nested['wide'] as object).length, limits.entries + 1);
  const long = toAttributes({ list: Array(10_000).fill(0) })?.['list'];
  assert.ok(Array.isArray(long));
  assert.equal(long.length, limits.entries + 1);
});

test('long texts are cut, and say by how much', () => {
  const text = String(toAttributes({ text: 'x'.repeat(100_000) })?.['text']);
  assert.equal(text, `${'x'.repeat(limits.valueChars)}… [${100_000 - limits.valueChars} more characters]`);
});

test('objects that fight back lose nothing else', () => {
  const hostile = {
    ok: 1,
    get bad(): never {
      throw new Error('getter');
    },
    json: {
      toJSON(): never {
        throw new Error('toJSON');
      },
    },
    proxy: new Proxy(
      {},
      {
        ownKeys(): never {
          throw new Error('ownKeys');
        },
      },
    ),
  };
  const attributes = toAttributes(hostile) ?? {};
  assert.equal(attributes['ok'], 1);
  assert.match(String(attributes['bad']), /Thrown: Error: getter/);
  assert.match(String(attributes['json']), /Unreadable: Error: toJSON/);
  assert.match(String(attributes['proxy']), /Unreadable: Error: ownKeys/);
});

test('maps, sets and objects with toJSON are written as what they hold', () => {
  const attributes = toAttributes({
    map: new Map([['a', 1]]),
    set: new Set([1, 2]),
    money: { toJSON: () => ({ amount: 5 }) },
  });
  assert.deepEqual(attributes, { map: { a: 1 }, set: [1, 2], money: { amount: 5 } });
});

test('what is no object becomes one extra', () => {
  assert.deepEqual(toAttributes('text'), { extra: 'text' });
  assert.deepEqual(toAttributes(7), { extra: 7 });
  assert.deepEqual(toAttributes([1, 2]), { extra: [1, 2] });
});
