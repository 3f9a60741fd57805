import assert from 'node:assert/strict';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import { toAttributes as convert } from '../../../src/logging/record/extras.ts';
import { limits } from '../../../src/logging/record/limits.ts';

/** With prototypes, as literals have them. */
const toAttributes = (extras: unknown): Record<string, unknown> | undefined =>
  structuredClone<unknown>(convert(extras)) as Record<string, unknown> | undefined;

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

test('a second error goes under the name of its extra, and an error may replace all extras', () => {
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

test('long texts are cut, with the number of characters removed', () => {
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

test('L7 the errors of an AggregateError and causes of any kind are left out', () => {
  const stackOf = (error: Error): string => String(toAttributes(error)?.['exception.stacktrace']);
  const all = new AggregateError([new Error('db1 down'), new RangeError('db2 down'), 'a text'], 'all failed');
  assert.match(
    stackOf(all),
    /all failed[\s\S]*\[1 of 3\] Error: db1 down[\s\S]*RangeError: db2 down[\s\S]*\[3 of 3\] "a text"/,
  );
  const withCause = (cause: unknown): string => stackOf(new Error('outer', { cause }));
  assert.match(
    withCause({ code: 'E23505', detail: 'Key exists' }),
    /Caused by: \{"code":"E23505","detail":"Key exists"\}/,
  );
  assert.match(withCause('timeout of 30 s'), /Caused by: "timeout of 30 s"/);
  assert.match(withCause(runInNewContext('new Error("elsewhere")')), /Caused by: Error: elsewhere/);
  assert.match(withCause(new AggregateError([new Error('deep')], 'many')), /many[\s\S]*deep/);
  assert.match(withCause(null), /Caused by: null/);
  assert.match(withCause(10n ** 2000n), /more than 100 digits/);
});

test('L7 an error that is its own cause repeats its stack', () => {
  const self = new Error('UNIQUE');
  self.cause = self;
  const text = JSON.stringify(toAttributes({ self }));
  assert.ok(text.split('UNIQUE').length - 1 <= 4, text);
  const one = new Error('one');
  const two = new AggregateError([one], 'two', { cause: one });
  one.cause = two;
  assert.match(JSON.stringify(toAttributes(one)), /Circular/);
});

test('a thousand errors in one are bounded', () => {
  const many = new AggregateError(
    Array.from(
      { length: 1000 },
      (_, index) => new AggregateError([new Error(`e${index}`)], 'x'.repeat(1000)),
    ),
  );
  assert.ok(JSON.stringify(toAttributes(many)).length < 3 * limits.stackChars);
});

test('L8 a million keys, a map of millions and a tree of everything cost bounded work', () => {
  const big = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`k${index}`, index]));
  const map = new Map(Array.from({ length: 2_000_000 }, (_, index) => [index, index]));
  let reads = 0;
  const tree = (depth: number): unknown =>
    depth === 0
      ? 'x'.repeat(8000)
      : Object.fromEntries(
          Array.from({ length: 64 }, (_, index) => [
            `k${index}`,
            new Proxy(
              {},
              {
                ownKeys: () => Array.from({ length: 64 }, (_key, at) => `k${at}`),
                getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
                get(_target, key) {
                  if (key === 'toJSON' || typeof key === 'symbol') return undefined;
                  reads++;
                  return tree(depth - 1);
                },
              },
            ),
          ]),
        );
  for (const extras of [big, { big }, map, { map }, { list: Array(1e6).fill('x'.repeat(8000)) }]) {
    assert.ok(JSON.stringify(toAttributes(extras)).length < 100_000);
  }
  const size = JSON.stringify(toAttributes({ tree: tree(3) })).length;
  assert.ok(size < 2 * limits.extrasChars && reads <= limits.values, `${size} characters, ${reads} reads`);
});

test('L8 a buffer of millions as the extras themselves is not enumerated', (t) => {
  const keys = t.mock.method(Object, 'keys');
  for (const extras of [Buffer.alloc(5_000_000, 7), new Float64Array(1e6).fill(7)]) {
    const attributes = convert(extras) ?? {};
    assert.equal(attributes['0'], 7);
    assert.equal(attributes['1'], 7);
    assert.ok(Object.entries(attributes).length <= limits.extras + 1);
    assert.ok(keys.mock.calls.every((call) => call.arguments[0] !== extras));
  }
});

test('an accessor that takes its time is left at the deadline', () => {
  const slow = Object.defineProperties(
    {},
    Object.fromEntries(
      Array.from({ length: 64 }, (_, index) => [
        `k${index}`,
        {
          enumerable: true,
          get() {
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
            return index;
          },
        },
      ]),
    ),
  );
  const all = toAttributes({ a: slow, b: slow, c: slow }) as Record<string, object>;
  const read = ['a', 'b', 'c'].reduce((sum, key) => sum + Object.keys(all[key] ?? {}).length, 0);
  assert.ok(read < 128, `${read} values were read`);
});

test('L11 an extra called __proto__ loses its name, and its content becomes that of the record', () => {
  const top = convert(JSON.parse('{"__proto__":{"a":1},"b":2}')) ?? {};
  assert.deepEqual(Object.keys(top), ['__proto__', 'b']);
  const below = convert(JSON.parse('{"body":{"__proto__":{"inside":1},"y":2}}'))?.['body'];
  assert.equal(JSON.stringify(below), '{"__proto__":{"inside":1},"y":2}');
  assert.equal(JSON.stringify(convert({ map: new Map([['__proto__', 1]]) })), '{"map":{"__proto__":1}}');
});

test('L6 extras choose the location of the record', () => {
  assert.deepEqual(toAttributes({ 'code.file.path': '/etc/passwd', 'code.line.number': 1, a: 2 }), {
    'ctx.code.file.path': '/etc/passwd',
    'ctx.code.line.number': 1,
    a: 2,
  });
});

test('values that have no text of their own are no reason to lose the record', () => {
  const hostile = {
    toString(): never {
      throw new Error('no');
    },
  };
  const attributes = toAttributes({
    get bad(): never {
      throw hostile;
    },
    good: 1,
  });
  assert.equal(attributes?.['good'], 1);
  const error = Object.assign(new Error('x'), { name: hostile });
  assert.ok(toAttributes({ error }));
});
