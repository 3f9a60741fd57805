import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERSION } from '../../src/config/version.ts';
import { commands } from '../../src/cli/commands.ts';
import { cli } from '../helpers/cli/cli.ts';

test('without a command the overview lists every command with its summary', async () => {
  const { code, out, err } = await cli([]);
  assert.equal(code, 0);
  assert.equal(err, '');
  for (const { name, summary } of commands)
    assert.ok(out.includes(`  ${name} `) && out.includes(summary), name);
  assert.deepEqual(await cli(['--help']), { code, out, err });
});

test('no line of any help is wider than a terminal of 130 columns', async () => {
  for (const { name } of commands) {
    const { code, out } = await cli([...name.split(' '), '--help']);
    assert.equal(code, 0);
    assert.ok(out.startsWith(`usage: geometra-monitoring ${name}`), name);
    for (const line of out.split('\n')) assert.ok(line.length <= 130, line);
  }
});

test('the help of a command names all of its options', async () => {
  for (const row of commands) {
    const { command } = await row.load();
    const { out } = await cli([...row.name.split(' '), '-h']);
    for (const name of Object.keys(command.options))
      assert.ok(out.includes(`--${name}`), `${row.name} ${name}`);
  }
});

test('the version is printed alone', async () => {
  assert.deepEqual(await cli(['--version']), { code: 0, out: `${VERSION}\n`, err: '' });
});

test('the first word of a group lists the group, on stderr when help was not asked for', async () => {
  const asked = await cli(['rules', '--help']);
  assert.equal(asked.code, 0);
  assert.match(asked.out, /rules check/);
  assert.doesNotMatch(asked.out, /validate/);
  const alone = await cli(['rules']);
  assert.deepEqual([alone.code, alone.out, alone.err], [2, '', asked.out]);
});

test('a misspelt command is answered with the one that was meant', async () => {
  for (const [words, meant] of [
    [['validat'], 'validate'],
    [['rules', 'chekc'], 'rules check'],
    [['rules', 'reply'], 'rules replay'],
  ] as const) {
    const { code, out, err } = await cli(words);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.ok(err.includes(`did you mean "${meant}"?`), err);
  }
  const { err } = await cli(['nonsense']);
  assert.doesNotMatch(err, /did you mean/);
});

test('an unknown option, a missing value and a stray argument end with code 2 and the way to the help', async () => {
  for (const words of [
    ['rules', 'check', '--colour'],
    ['rules', 'replay', '--url'],
    ['validate', 'extra'],
  ]) {
    const { code, out, err } = await cli(words);
    assert.equal(code, 2, words.join(' '));
    assert.equal(out, '');
    assert.match(
      err,
      /^geometra-monitoring: .+\n {2}run `geometra-monitoring .+ --help` for usage \[MON_COMMAND\]\n$/,
    );
  }
});
