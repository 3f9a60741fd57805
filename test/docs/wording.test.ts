import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringLiterals } from '../helpers/string-literals.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The words that CONTRIBUTING.md rules out in user-visible text, with their forms. */
const OUT = new RegExp(
  `(?<!\\p{L})(?:${[
    'say|says|said|saying|unsaid',
    'tell|tells|told|telling|untold',
    'faults?|faulty',
    'places?',
    'stands',
    'owes?|owed',
    '(?:bring|brings|brought) home',
    'without a word',
    'nothing to say',
    '(?:is|are|was|were|be) had',
    '(?:make|makes|making|made) way',
    'anew',
  ].join('|')})(?!\\p{L})`,
  'iu',
);

/** The lines of a text that have such a word, as `path:line: line`. */
function found(path: string, lines: readonly (readonly [line: number, text: string])[]): readonly string[] {
  return lines.filter(([, text]) => OUT.test(text)).map(([line, text]) => `${path}:${line}: ${text.trim()}`);
}

const numbered = (text: string): readonly (readonly [number, string])[] =>
  text.split('\n').map((line, i) => [i + 1, line] as const);

test('the words that are out are recognised, and only they', () => {
  for (const text of ['the log says why', 'alerts are told', 'a fault in line 3', 'Makes way', 'is had'])
    assert.match(text, OUT);
  for (const text of [
    'default rules',
    'standalone',
    'essay',
    'replace',
    'the placeholder',
    'a tool',
    'has had',
  ])
    assert.doesNotMatch(text, OUT);
});

test('no page has a word that the glossary rules out', () => {
  const pages = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md', 'collector/README.md'];
  const paths = [...pages, ...globSync('docs/**/*.md', { cwd: root })];
  assert.ok(paths.length > 40);
  const bad = paths.flatMap((path) => {
    // The section that names the words.
    const text = path === 'CONTRIBUTING.md' ? read(path).replace(/^## Wording$.*?^## /ms, '## ') : read(path);
    return found(path, numbered(text));
  });
  assert.deepEqual(bad, []);
});

test('no text of the code has one: errors, settings, help, log lines, mails, rules, dashboards', () => {
  const paths = globSync(['src/**/*.ts', 'scripts/**/*.ts', 'demo/*.ts'], { cwd: root });
  assert.ok(paths.length > 300);
  const bad = paths.flatMap((path) => {
    // Names of files and kinds are one word; what people read has a blank.
    const texts = stringLiterals(read(path)).filter(({ text }) => text.includes(' '));
    return found(
      path,
      texts.map(({ line, text }) => [line, text]),
    );
  });
  assert.deepEqual(bad, []);
});
