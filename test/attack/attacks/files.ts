import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Attack, Attempt } from '../attack.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** The monitor looks at its rule files about this often. */
const LOOK_MS = 1200;
const rule = (name: string, condition: string): string =>
  `- name: ${name}\n  condition: '${condition}'\n  severity: warning\n`;

/** Puts a file among the rules for a while. */
const ruleFile = (name: string, content: string | Buffer, holdMs = LOOK_MS): Attempt => ({
  name,
  run: async (target) => {
    const file = join(target.rules, 'hostile.yml');
    writeFileSync(file, content);
    await pause(holdMs);
    rmSync(file, { force: true });
    return undefined;
  },
});

const prepared = (
  name: string,
  prepare: (target: Target) => void,
  undo: (target: Target) => void,
): Attempt => ({
  name,
  run: async (target) => {
    prepare(target);
    await pause(LOOK_MS);
    undo(target);
    return undefined;
  },
});

const day = (): string => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('');
};

/** Something that is no file where a logger writes its own; the call returns and writes nowhere else. */
const daily = (name: string, logger: string, make: (path: string, target: Target) => void): Attempt => ({
  name,
  run: async (target) => {
    mkdirSync(target.logs, { recursive: true });
    make(join(target.logs, `${logger}_${day()}.log`), target);
    return target.act(
      Array.from({ length: 20 }, () => ({
        act: 'log',
        logger,
        level: 'INFO',
        message: 'into a trap',
        extras: {},
      })),
    );
  },
});

/** A segment as a killed process leaves it. */
const segment = (name: string, lines: readonly string[]): Attempt => ({
  name,
  run: async (target) => {
    const spool = join(target.logs, 'spool', 'target');
    mkdirSync(spool, { recursive: true });
    const file = join(
      spool,
      `1700000000000-hostile-${String(Math.floor(performance.now())).padStart(6, '0').slice(-6)}.seg`,
    );
    writeFileSync(file, `${lines.join('\n')}\n`);
    await pause(LOOK_MS);
    return undefined;
  },
});
const record = (fields: string): string =>
  `{"t":"1700000000000000000","l":9,"s":"api","b":"hostile",${fields}"u":"x"}`;

const bomb = Array.from({ length: 300 }, (_, n) => `.*[a-z_]{0,1000}x${n}.*`).join('|');
const aliases = [
  'a: &a ["x","x"]',
  ...Array.from(
    { length: 25 },
    (_, n) =>
      `${String.fromCharCode(98 + n)}: &${String.fromCharCode(98 + n)} [*${String.fromCharCode(97 + n)},*${String.fromCharCode(97 + n)}]`,
  ),
].join('\n');

const known: readonly Attempt[] = [
  ruleFile('M1 300 patterns with repeats', rule('Bomb', `count({__name__=~"${bomb}"}) > 0`), 4000),
  ruleFile(
    'M3 30 nested label_replace',
    rule('Nested', `${'label_replace('.repeat(30)}up${', "x", "$1", "y", "(.*)*(.*){100}")'.repeat(30)} > 0`),
    4000,
  ),
  ruleFile(
    'A7 100,000 rules',
    Array.from({ length: 100_000 }, (_, n) => `- name: R${n}\n  condition: up == 0\n`).join(''),
    4000,
  ),
  ruleFile('aliases that double', aliases),
  ruleFile('a depth of 100,000', '['.repeat(100_000)),
  ruleFile('20 MB', 'a'.repeat(20e6)),
  ruleFile('no text', Buffer.from([0, 255, 254, 0, 1, 2])),
  ruleFile(
    'a template without an end',
    `groups:\n- name: g\n  rules:\n  - alert: T\n    expr: vector(1)\n    annotations:\n      summary: '{{ range query "{__name__=~\\".+\\"}" }}{{ range query "{__name__=~\\".+\\"}" }}{{ range query "{__name__=~\\".+\\"}" }}x{{ end }}{{ end }}{{ end }}'\n`,
    4000,
  ),
  ruleFile(
    'a format of 10 million characters',
    `groups:\n- name: g\n  rules:\n  - alert: T\n    expr: vector(1)\n    annotations:\n      summary: '{{ printf "%10000000d" 1 }}'\n`,
    3000,
  ),
  ruleFile(
    'a rule that makes a million series',
    rule('Many', `count_values("x", {__name__=~".+"}) > 0`),
    3000,
  ),
  prepared(
    'a pipe among the rules',
    (target) => execFileSync('mkfifo', [join(target.rules, 'pipe.yml')]),
    (target) => rmSync(join(target.rules, 'pipe.yml')),
  ),
  prepared(
    'a link to /dev/zero among the rules',
    (target) => symlinkSync('/dev/zero', join(target.rules, 'zero.yml')),
    (target) => rmSync(join(target.rules, 'zero.yml')),
  ),
  prepared(
    'a link to itself among the rules',
    (target) => symlinkSync('loop.yml', join(target.rules, 'loop.yml')),
    (target) => rmSync(join(target.rules, 'loop.yml')),
  ),
  prepared(
    'a folder that ends in .yml',
    (target) => mkdirSync(join(target.rules, 'folder.yml')),
    (target) => rmSync(join(target.rules, 'folder.yml'), { recursive: true }),
  ),
  daily('P9 a pipe as daily file', 'piped', (path) => execFileSync('mkfifo', [path])),
  daily('P9 a link as daily file', 'linked', (path, target) =>
    symlinkSync(join(target.root, 'victim'), path),
  ),
  daily('L1 a folder as daily file', 'folder', (path) => mkdirSync(path)),
  daily('a link to /dev/full as daily file', 'full', (path) => symlinkSync('/dev/full', path)),
  segment('L4 a segment that leads out of the folder', [record('"p":"../../pwned",')]),
  segment('L4 a damaged record', ['{"t":', record(''), '\0\0\0', '[]', 'null', '{"t":{}}']),
  segment('L4 a record of 31 MB', [record(`"x":"${'a'.repeat(31e6)}",`)]),
  segment('a record of a depth of 50,000', [`{"t":${'['.repeat(50_000)}`]),
  {
    name: 'L4 the log folder is removed',
    run: async (target) => {
      rmSync(target.logs, { recursive: true, force: true });
      return target.act(
        Array.from({ length: 20 }, () => ({
          act: 'log',
          logger: 'api',
          level: 'INFO',
          message: 'after the removal',
        })),
      );
    },
  },
];

const YAML = [
  '- name: X',
  '  condition: up',
  'groups:',
  '- name: g',
  '  rules:',
  '  - alert: A',
  '    expr: up == 0',
  '    for: 5m',
  '<<: *x',
  '&x',
  '*x',
  '!!binary',
  '? a',
  ': b',
  '|',
  '>',
  '"',
  '{',
  '[',
  '\t',
  '---',
  '...',
  '# ',
  '!<tag:yaml.org,2002:float> x',
  '    annotations:',
  '      a: "{{ $labels }}"',
  '      b: "{{ . | humanize | reReplaceAll }}"',
];

/** Files that the monitor and the loggers read and write. */
export const files: Attack = {
  name: 'files',
  known,
  weight: 0,
  parallel: 1,
  generate: (random: Random) => {
    const lines = random.several(YAML, 20);
    const content = random.next() < 0.2 ? random.text(2000) : lines.join('\n');
    return random.next() < 0.3
      ? segment(`segment ${content.slice(0, 100)}`, content.split('\n'))
      : ruleFile(`rules ${content.slice(0, 100)}`, content);
  },
};

/** Names beside the log folder that nobody but an attack can have made. */
export function strayFiles(target: Target): readonly string[] {
  const expected = new Set(['app', 'rules', 'tmp', 'victim']);
  const own = new Set(['logs', 'package.json', 'target.cjs', 'special-extras.cjs', 'special-names.cjs']);
  return [
    ...readdirSync(target.root).filter((name) => !expected.has(name)),
    ...readdirSync(target.folder)
      .filter((name) => !own.has(name))
      .map((name) => `app/${name}`),
  ];
}
