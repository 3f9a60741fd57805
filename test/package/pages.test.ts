import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsPage } from '../../scripts/docs/errors-page.ts';
import { describeType, settingsPage } from '../../scripts/docs/settings-page.ts';
import type { SettingRow } from '../../src/config/setting.ts';
import { settingRows } from '../../src/config/settings.ts';
import { allProblems } from '../../src/errors.ts';

test('every setting has one row, with its default, and secrets name their file variable', () => {
  const rows: SettingRow[] = Object.values(settingRows);
  const lines = settingsPage(rows).split('\n');
  for (const row of rows) {
    const found = lines.filter((line) => line.startsWith(`| \`${row.name}\` |`));
    assert.equal(found.length, 1, row.name);
    assert.ok(
      found[0]?.includes(row.default === undefined ? '| not set |' : `| \`${row.default}\` |`),
      row.name,
    );
    assert.equal(found[0]?.includes(`\`${row.name}_FILE\``), row.secret === true, row.name);
  }
});

test('a row of a setting has four cells whatever its description holds', () => {
  const row: SettingRow = { name: 'A_B', type: { kind: 'string' }, group: 'logs', description: 'a | b' };
  const line = settingsPage([row])
    .split('\n')
    .find((text) => text.startsWith('| `A_B`'));
  assert.equal(line, String.raw`| ${'`A_B`'} | string | not set | a \| b |`);
});

test('types are described with unit and bounds', () => {
  assert.equal(describeType({ kind: 'integer', min: 0, max: 65_535 }), 'integer, 0 to 65535');
  assert.match(
    describeType({ kind: 'duration', minMs: 100, maxMs: 3_600_000, bare: 's' }),
    /a bare number is seconds\), 100ms to 1h$/,
  );
  assert.match(describeType({ kind: 'bytes', min: 1_048_576 }), /at least 1 MiB$/);
  assert.equal(describeType({ kind: 'choice', choices: ['a', 'b'] }), '`a`, `b`');
});

test('every code has a section with its three parts, parameters in code', () => {
  const page = errorsPage(allProblems());
  for (const [code] of allProblems()) assert.ok(page.includes(`\n## ${code}\n`), code);
  const [section] = errorsPage([['MON_X', { what: '{where}: got `{got}`', now: 'using a_b', fix: 'wait' }]])
    .split('## MON_X\n\n')
    .slice(1);
  assert.equal(
    section,
    [
      '- What happened: `<where>`: got \\``<got>`\\`',
      String.raw`- What we do: using a\_b`,
      '- What you can do: wait',
      '',
    ].join('\n'),
  );
});
