import { createRequire } from 'node:module';
import type { Attempt, Attack } from '../attack.ts';
import type { Random } from '../random.ts';

const special = createRequire(import.meta.url)('../programs/special-names.cjs') as readonly string[];

const logged = (name: string, fields: object): Attempt => ({
  name,
  run: (target) => target.act([{ act: 'log', logger: 'api', level: 'INFO', message: name, ...fields }]),
});

const known: readonly Attempt[] = [
  ...special.map((name): Attempt => ({ name, run: (target) => target.act([{ act: 'special', name }]) })),
  logged('L6 a client that chooses the file', { extras: { application: '../../pwned' } }),
  logged('a logger named ../../pwned', { logger: '../../pwned' }),
  logged('a logger named by a million characters', { logger: 'b'.repeat(1e6) }),
  logged('a logger without a name', { logger: '' }),
  logged('a logger named by NUL', { logger: '\0' }),
  logged('a level that is none', { level: '__proto__' }),
  logged('a level that is an object', { level: { toString: 'x' } }),
  logged('a message that is an object', { message: { a: 1 } }),
  logged('extras that are an array', { extras: Array(50_000).fill('x') }),
  logged('extras that are null', { extras: null }),
  logged('line breaks and escapes', { message: 'a\nb\r\u2028\u001b[2J\u202E' }),
];

function value(random: Random, depth: number): unknown {
  const roll = random.next();
  if (depth === 0 || roll < 0.3)
    return random.pick([
      random.text(60),
      random.below(1e9),
      null,
      true,
      -0,
      1e308,
      '',
      '4111 1111 1111 1111',
      'Bearer abc.def.ghi',
    ]);
  if (roll < 0.6) return Array.from({ length: random.below(8) }, () => value(random, depth - 1));
  const keys = [
    '__proto__',
    'constructor',
    'toJSON',
    'password',
    'application',
    'level',
    'timestamp',
    'cause',
    'errors',
    'stack',
    'log.record.uid',
    'a.b',
    '',
    '\0',
  ];
  const entries = Array.from({ length: random.below(10) }, () => [
    random.next() < 0.5 ? random.pick(keys) : random.text(20),
    value(random, depth - 1),
  ]);
  return Object.fromEntries(entries);
}

function call(random: Random): object {
  return {
    act: 'log',
    logger: random.next() < 0.8 ? random.pick(['api', 'ai', 'db', 'security']) : random.text(100),
    level: random.pick(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'info', '', 'x']),
    message: random.text(300),
    extras: value(random, 1 + random.below(6)),
  };
}

/** What the service logs of its clients; ten calls a request. */
export const extras: Attack = {
  name: 'log calls',
  known,
  weight: 8,
  parallel: 2,
  generate: (random) => {
    const calls = Array.from({ length: 10 }, () => call(random));
    return {
      name: JSON.stringify(calls).slice(0, 200),
      inputs: calls.length,
      run: (target) => target.act(calls),
    };
  },
};
