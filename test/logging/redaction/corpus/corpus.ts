import type { Attributes } from '@opentelemetry/api';
import { base64, chars, password, seed } from './generate.ts';
import { harmlessTexts } from './harmless.ts';
import { harmlessKeys, secretKeys } from './keys.ts';
import { cardForms, numberTexts, personForms } from './numbers.ts';
import { secondHarmless, secondKeys, secondTexts } from './second.ts';
import { secretTexts } from './texts.ts';
import { pemBlocks, tokens } from './tokens.ts';

/** A text or the extras of a record. */
export type Logged = { readonly text: string } | { readonly extras: Attributes };
export interface SecretRow {
  readonly kind: string;
  /** What distinguishes the row from the others of its kind. */
  readonly what: string;
  readonly logged: Logged;
  /** None of these may be seen in what is written. */
  readonly secrets: readonly string[];
}
export interface HarmlessRow {
  readonly kind: string;
  readonly logged: Logged;
}

/** Most digits in one piece that a redacted number may leave; a number in parts is looked for in its longest form. */
const text = (kind: string, what: string, content: string, ...secrets: string[]): SecretRow => ({
  kind,
  what,
  logged: { text: content },
  secrets,
});
const extras = (
  kind: string,
  what: string,
  content: Readonly<Record<string, unknown>>,
  ...secrets: string[]
): SecretRow => ({ kind, what, logged: { extras: content }, secrets });

function fill(template: string): readonly [text: string, secrets: string[]] {
  const secret = template.includes('¤') ? password() : chars('word', 20);
  if (template.includes('¶')) {
    const encoded = base64(`bo:${secret}`);
    return [template.replaceAll('¶', encoded), [encoded]];
  }
  if (template.includes('¤') || template.includes('§'))
    return [template.replaceAll('¤', secret).replaceAll('§', secret), [secret]];
  const digits = /\d{3,6}(?=\D*$)|\d{4,6}/.exec(template)?.[0] ?? '';
  return [template, [digits]];
}

function inTexts(): SecretRow[] {
  return Object.entries(secretTexts).flatMap(([kind, rows]) =>
    rows.map((row) => {
      const [content, secrets] = fill(row);
      return text(kind, row, content, ...secrets);
    }),
  );
}

function asKeys(): SecretRow[] {
  return secretKeys.map((key, at) => {
    const secret = password();
    // Names occur at the top, deeper, and in lists of pairs.
    const places = [
      { [key]: secret },
      { user: { id: 17, [key]: secret } },
      { list: [{ [key]: secret }] },
      {
        headers: [
          ['accept', '*/*'],
          [key, secret],
        ],
      },
    ] as const;
    return extras(
      'names of extras',
      key,
      places[at % 4 === 3 && !/[^\w-]/.test(key) ? 3 : at % 3] as object as Record<string, unknown>,
      secret,
    );
  });
}

function asTokens(): SecretRow[] {
  const frames = [
    '§',
    'got § back',
    '"§",',
    'value=§',
    "{ v: '§' }",
    '(§)',
    'https://x.se/?v=§&a=1',
    'x: §\n',
  ];
  return tokens.flatMap(([vendor, make], at) => {
    const [one, other] = [make(), make()];
    const frame = frames[at % frames.length] as string;
    const tail = (token: string): string => token.slice(-12);
    return [
      text(
        'known tokens',
        vendor,
        frame.replace('§', () => one),
        tail(one),
      ),
      extras('known tokens', `${vendor}, extra`, { detail: { v: other } }, tail(other)),
    ];
  });
}

function asPem(): SecretRow[] {
  return pemBlocks.map(([what, make]) => {
    const line = chars('base64', 64);
    return text('PEM', what, `loaded ${make(line)} ok`, line);
  });
}

function asNumbers(): SecretRow[] {
  const plain = /^\d+$/;
  return [...cardForms, ...personForms].flatMap(([what, make], at) => {
    const rows: SecretRow[] = [];
    for (const shift of [0, 4]) {
      const form = make();
      const frame = numberTexts[(at + shift) % numberTexts.length] as string;
      rows.push(text('numbers in texts', `${what}: ${frame}`, frame.replace('§', form), form));
    }
    const form = make();
    rows.push(extras('numbers as extras', `${what}, text`, { v: form }, form));
    const keyed = make();
    rows.push(extras('numbers as names', what, { seen: { [keyed]: 1 } }, keyed));
    if (plain.test(form)) {
      const [top, deep] = [make(), make()];
      rows.push(extras('numbers as numbers', what, { v: Number(top) }, top));
      rows.push(extras('numbers as numbers', `${what}, in a list`, { a: [Number(deep)] }, deep));
    }
    return rows;
  });
}

function asPlaces(): SecretRow[] {
  const s = (): string => chars('word', 20);
  const place = (what: string, make: (secret: string) => Readonly<Record<string, unknown>>): SecretRow => {
    const secret = s();
    return extras('places of extras', what, make(secret), secret);
  };
  return [
    place('flat raw headers', (x) => ({ rawHeaders: ['Host', 'x', 'Authorization', x, 'Cookie', x] })),
    place('raw trailers', (x) => ({ rawTrailers: ['X-Api-Key', x] })),
    place('pairs', (x) => ({ headers: [['authorization', x]] })),
    place('pairs of passwords', (x) => ({
      form: [
        ['user', 'bo'],
        ['password', x],
      ],
    })),
    place('name and value', (x) => ({ h: { name: 'password', value: x } })),
    place('key and value', (x) => ({ h: [{ key: 'api_key', value: x }] })),
    place('header and value', (x) => ({ h: { header: 'Authorization', value: x } })),
    place('name and value at the top', (x) => ({ name: 'password', value: x })),
    place('JSON as text', (x) => ({ body: JSON.stringify({ user: 'bo', password: x }) })),
    place('JSON twice', (x) => ({ body: JSON.stringify(JSON.stringify({ password: x })) })),
    place('JSON three times', (x) => ({
      body: JSON.stringify(JSON.stringify(JSON.stringify({ password: x }))),
    })),
    place('indented JSON', (x) => ({ body: JSON.stringify({ a: { password: x } }, null, 2) })),
    place('form', (x) => ({ body: `user=bo&password=${x}&remember=1` })),
    place('name of an extra', (x) => ({ [`token=${x}`]: 1 })),
    place('name of a nested extra', (x) => ({ a: { [`https://u:${x}@h/`]: 1 } })),
    place('object under a secret name', (x) => ({ password: { value: x } })),
    place('list under a secret name', (x) => ({ secrets: [x, x] })),
    place('credentials', (x) => ({ credentials: { user: 'bo', key: x } })),
    place('auth with a password', (x) => ({ auth: { username: 'bo', password: x } })),
    place('session with an id', (x) => ({ session: { id: 7, token: x } })),
    place('tokens by name', (x) => ({ tokens: { access: x, refresh: x } })),
    place('cookies by name', (x) => ({ cookies: { sid: x, theme: 'dark' } })),
    place('dotted name', (x) => ({ 'http.request.header.authorization': [`Bearer ${x}`] })),
    place('header list', (x) => ({ 'http.request.header.cookie': [`sid=${x}`] })),
    place('command line', (x) => ({ argv: ['node', 'app.js', '--password', x] })),
    place('command line with =', (x) => ({ argv: ['node', 'app.js', `--token=${x}`] })),
    place('environment', (x) => ({ env: { PATH: '/bin', DB_PASSWORD: x } })),
    place('environment as list', (x) => ({ env: ['PATH=/bin', `API_KEY=${x}`] })),
    place('address', (x) => ({ url: `https://bo:${x}@host/a` })),
    place('query', (x) => ({ url: `/a?token=${x}` })),
    place('query as object', (x) => ({ query: { api_key: x } })),
    place('deep', (x) => ({ a: { b: { c: { password: x } } } })),
    extras('places of extras', 'number under a secret name', { pin: 471_199 }, '471199'),
    extras('places of extras', 'one-time code as a number', { otp: 493_817 }, '493817'),
    extras('places of extras', 'security code as a number', { card: { cvv: 1739 } }, '1739'),
  ];
}

/** All rows with a secret, the same in each run. */
export function secretRows(): SecretRow[] {
  seed(20_261_128);
  return [...inTexts(), ...asKeys(), ...asTokens(), ...asPem(), ...asNumbers(), ...asPlaces()];
}

/** All rows without one. */
export function harmlessRows(): HarmlessRow[] {
  const values: readonly unknown[] = [
    17,
    'blue',
    true,
    4096,
    'eu-north-1',
    '2026-11-28T12:00:00Z',
    0.25,
    null,
  ];
  const texts = Object.entries(harmlessTexts).flatMap(([kind, rows]) =>
    rows.map((row): HarmlessRow => ({ kind, logged: { text: row } })),
  );
  const keys = harmlessKeys.map((key, at): HarmlessRow => ({
    kind: 'names of extras',
    logged: {
      extras:
        at % 2 === 0 ? { [key]: values[at % values.length] } : { a: { [key]: values[at % values.length] } },
    },
  }));
  const other: readonly Readonly<Record<string, unknown>>[] = [
    { usage: { input_tokens: 12, output_tokens: 340 } },
    { tokens: 512 },
    { tokens: { input: 5, output: 7 } },
    { token: 512 },
    { auth: 'basic' },
    { auth: { type: 'basic', ok: true } },
    { session: { user: 'u1', started: 17 } },
    { session: true },
    { password: null },
    { password: '' },
    { hasToken: true, token: false },
    { ts: 1_732_424_400, ms: 1_732_424_400_123 },
    { ts: 1_709_251_200 },
    { order: 5_001_010_008 },
    { orderId: 4_012_888_888_881_881 },
    { bytes: 1_099_511_627_776 },
    { id: 9_007_199_254_740_991 },
    { headers: ['authorization', 'content-type'] },
    { required: ['password', 'email'] },
    { allow: ['authorization', 'cookie', 'x-api-key'] },
    { field: { name: 'password', type: 'string' } },
    { pair: ['key', 'value'] },
    { h: { name: 'colour', value: 'blue' } },
    { list: [1, 2, 3], nested: { deep: { a: 'b' } } },
  ];
  return [
    ...texts,
    ...keys,
    ...other.map((row): HarmlessRow => ({ kind: 'extras', logged: { extras: row } })),
  ];
}

/** The rows of the second corpus with a secret. */
export function secondSecretRows(): SecretRow[] {
  seed(7);
  return [
    ...secondTexts.map((row) => {
      const [content, secrets] = fill(row);
      return text('second corpus', row, content, ...secrets);
    }),
    ...secondKeys.map((key) => {
      const secret = password();
      return extras('second corpus', key, { a: { [key]: secret } }, secret);
    }),
  ];
}

export const secondHarmlessRows = (): HarmlessRow[] =>
  secondHarmless.map((row) => ({ kind: 'second corpus', logged: { text: row } }));

/** Every fifth row was held out while the tables were built. */
export const isHeldOut = (at: number): boolean => at % 5 === 4;
