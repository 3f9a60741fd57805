import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { VERSION } from '../../src/config/version.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function foldersOfSrc(): string[] {
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const names = entries.map(({ name }) => name);
  return names.filter((name) => readdirSync(join(root, 'src', name)).length > 0).sort();
}

test('the headings of ARCHITECTURE.md are the folders of src', () => {
  const headings = Array.from(read('ARCHITECTURE.md').matchAll(/^## (.+)$/gm), ([, heading = '']) => heading);
  assert.deepEqual(headings.toSorted(), foldersOfSrc());
});

test('every file that ARCHITECTURE.md names in a section exists', () => {
  const sections = read('ARCHITECTURE.md').split(/^## /m).slice(1);
  for (const section of sections) {
    const [folder = ''] = section.split('\n');
    const files = readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' });
    for (const [, named = ''] of section.matchAll(/`([\w/-]+\.ts)`/g)) {
      const found = named.startsWith('src/')
        ? readdirSync(join(root, 'src')).includes(named.slice('src/'.length))
        : files.some((file) => file === named || file.endsWith(`/${named}`));
      assert.ok(found, `${folder}: ${named}`);
    }
  }
});

test('ARCHITECTURE.md is one page', () => {
  assert.ok(read('ARCHITECTURE.md').split('\n').length <= 120);
});

test('the version in the code is that of package.json', () => {
  assert.equal((JSON.parse(read('package.json')) as { version: string }).version, VERSION);
});

test('every script that CONTRIBUTING.md names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = Array.from(read('CONTRIBUTING.md').matchAll(/npm run ([\w:]+)/g), ([, name = '']) => name);
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((name) => !(name in scripts)),
    [],
  );
});

test('entries of the changelog have an area', () => {
  const entries = read('CHANGELOG.md')
    .split('\n')
    .filter((line) => line.startsWith('- '));
  assert.ok(entries.length > 0);
  for (const entry of entries) assert.match(entry, /^- \[[A-Z]+\] \S/);
});
