import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMs, parseValue } from '../../src/config/parse-value.ts';
import type { SettingType } from '../../src/config/setting.ts';

const NO = Symbol('not accepted');

interface Table {
  readonly type: SettingType;
  readonly expected?: RegExp;
  readonly rows: readonly (readonly [text: string, value: unknown])[];
}

const tables: readonly Table[] = [
  {
    type: { kind: 'string' },
    rows: [
      ['plain', 'plain'],
      ['with = , and "quotes"', 'with = , and "quotes"'],
      ['', ''],
    ],
  },
  {
    type: { kind: 'boolean' },
    expected: /^true or false$/,
    rows: [
      ['true', true],
      ['TRUE', true],
      ['1', true],
      ['yes', true],
      ['On', true],
      ['false', false],
      ['0', false],
      ['no', false],
      ['OFF', false],
      ['', NO],
      ['2', NO],
      ['truee', NO],
      ['y', NO],
    ],
  },
  {
    type: { kind: 'integer', min: 0, max: 65_535 },
    expected: /^an integer from 0 to 65535$/,
    rows: [
      ['0', 0],
      ['+7', 7],
      ['065535', 65_535],
      ['65535', 65_535],
      ['65536', NO],
      ['-1', NO],
      ['9464x', NO],
      ['5.0', NO],
      ['1e3', NO],
      ['0x10', NO],
      ['NaN', NO],
      ['Infinity', NO],
      ['', NO],
      ['9'.repeat(400), NO],
    ],
  },
  {
    type: { kind: 'duration', minMs: 100, maxMs: 3_600_000, bare: 's' },
    expected: /^a duration from 100ms to 1h such as 15s or 500ms$/,
    rows: [
      ['15', 15_000],
      ['15s', 15_000],
      ['500ms', 500],
      ['1.5s', 1500],
      ['2m', 120_000],
      ['1h', 3_600_000],
      ['99ms', NO],
      ['61m', NO],
      ['1d', NO],
      ['1 s', NO],
      ['-1s', NO],
      ['.5s', NO],
      ['1w', NO],
      ['s', NO],
      ['1S', NO],
      ['', NO],
    ],
  },
  {
    type: { kind: 'duration', minMs: 1, maxMs: 86_400_000, bare: 'ms' },
    rows: [
      ['10000', 10_000],
      ['1d', 86_400_000],
    ],
  },
  {
    type: { kind: 'bytes', min: 1024 },
    expected: /^a size of at least 1024 bytes such as 512MiB$/,
    rows: [
      ['1024', 1024],
      ['1KiB', 1024],
      ['512MiB', 536_870_912],
      ['512 mib', 536_870_912],
      ['1.5GiB', 1_610_612_736],
      ['2kB', 2000],
      ['2MB', 2_000_000],
      ['1GB', 1_000_000_000],
      ['2048b', 2048],
      ['1023', NO],
      ['1XB', NO],
      ['GiB', NO],
      ['-1GiB', NO],
      ['1constructor', NO],
      ['', NO],
    ],
  },
  {
    type: { kind: 'choice', choices: ['DEBUG', 'INFO'] },
    expected: /^one of DEBUG, INFO$/,
    rows: [
      ['INFO', 'INFO'],
      ['debug', 'DEBUG'],
      ['', NO],
      ['TRACE', NO],
      ['INFO,DEBUG', NO],
    ],
  },
  {
    type: { kind: 'choices', choices: ['prometheus', 'otlp', 'none'] },
    expected: /^any of prometheus, otlp, none, comma-separated$/,
    rows: [
      ['prometheus', ['prometheus']],
      [' otlp , prometheus,', ['otlp', 'prometheus']],
      ['OTLP', ['otlp']],
      ['', []],
      ['otlp,console', NO],
      ['OTLP2', NO],
    ],
  },
  {
    type: { kind: 'list' },
    rows: [
      ['a', ['a']],
      ['a, b ,,c', ['a', 'b', 'c']],
      [' , ', []],
    ],
  },
  {
    type: { kind: 'url' },
    expected: /^a URL such as http:\/\/localhost:4318$/,
    rows: [
      ['http://localhost:4318', 'http://localhost:4318'],
      ['https://user:secret@collector.example/otlp', 'https://user:secret@collector.example/otlp'],
      ['localhost:4318', NO],
      ['grpc://localhost:4317', NO],
      ['file:///etc/passwd', NO],
      ['http://', NO],
      ['4318', NO],
    ],
  },
  {
    type: { kind: 'pairs' },
    expected: /^key=value pairs/,
    rows: [
      ['a=b', { a: 'b' }],
      ['a=b, c = d%20e ', { a: 'b', c: 'd e' }],
      ['token=abc==', { token: 'abc==' }],
      ['a=', { a: '' }],
      ['', {}],
      ['a', NO],
      ['=b', NO],
      ['a=%zz', NO],
    ],
  },
];

for (const { type, expected, rows } of tables) {
  test(`text of kind ${type.kind}${type.kind === 'duration' ? ` in ${type.bare}` : ''} is read or refused`, () => {
    for (const [text, value] of rows) {
      const parsed = parseValue(text, type);
      if (value === NO) {
        assert.ok(!parsed.ok, `"${text}" should be refused`);
        assert.match(parsed.expected, expected ?? /^$/);
      } else assert.deepEqual(parsed, { ok: true, value }, `"${text}"`);
    }
  });
}

test('a pair named like a property of all objects is a pair', () => {
  const parsed = parseValue('__proto__=x,constructor=y', { kind: 'pairs' });
  assert.ok(parsed.ok);
  assert.deepEqual(Object.entries(parsed.value), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('hostile text is answered for every type', () => {
  const kinds: readonly SettingType[] = tables.map(({ type }) => type);
  for (const type of kinds) {
    for (const text of ['9'.repeat(1e5), `1${' '.repeat(1e5)}x`, ','.repeat(1e5), `a=${'%41'.repeat(3e4)}`])
      assert.equal(typeof parseValue(text, type).ok, 'boolean', type.kind);
  }
});

test('durations are shown in the largest unit that fits', () => {
  assert.deepEqual(
    [0, 1, 999, 1000, 1500, 90_000, 120_000, 3_600_000, 86_400_000, 172_800_000].map(formatMs),
    ['0ms', '1ms', '999ms', '1s', '1500ms', '90s', '2m', '1h', '1d', '2d'],
  );
});
