import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { apiServer } from '../helpers/api/api-server.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'command-line.md'), 'utf8');

test('the page has a row and a section for every command, with the words of the help', () => {
  const rows = Array.from(page.matchAll(/^\| \[`([\w ]+)`\]\(#([\w-]+)\) +\| (.+?) +\|$/gm));
  assert.deepEqual(
    rows.map(([, name, , summary]) => [name, summary]),
    commands.map(({ name, summary }) => [name, summary]),
  );
  const sections = new Set(Array.from(page.matchAll(/^## (.+)$/gm), ([, title = '']) => title));
  for (const { name } of commands) assert.ok(sections.has(name), name);
});

test('every option that the page names is one of its command', async () => {
  const sections = page.split(/^## /m).slice(1);
  for (const row of commands) {
    const { name } = row;
    const section = sections.find((text) => text.startsWith(`${name}\n`)) ?? '';
    const { command } = await row.load();
    for (const [, option = ''] of section.matchAll(/`--([\w-]+)/g))
      assert.ok(option in command.options, `${name} --${option}`);
  }
});

test('every address of the API that the page names is served', async (t) => {
  const api = await apiServer(t, {});
  const paths = Array.from(page.matchAll(/`\/api\/v1\/([\w/<>]+)`/g), ([, path = '']) => path);
  assert.ok(paths.length >= 9);
  for (const path of paths) {
    assert.notEqual((await api.get(path.replace('<name>', 'job'))).status, 404, path);
  }
});
