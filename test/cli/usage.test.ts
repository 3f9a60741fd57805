import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands.ts';
import { cli, folderWith } from '../helpers/cli/cli.ts';

const RULES = `groups:
  - name: g
    rules:
      - alert: Down
        expr: up == 0
`;
const TESTS = `rule_files: [rules.yml]
tests:
  - name: down
    interval: 1m
    input_series: [{ series: up, values: '0 0' }]
    alert_rule_test: [{ eval_time: 1m, alertname: Down, exp_alerts: [{ exp_labels: {} }] }]
`;
const FILES = { 'rules.yml': RULES, 'tests.yml': TESTS };

for (const args of [
  ['rules', 'check', 'none.yml'],
  ['rules', 'check', 'rules.yml', 'none.yml'],
  ['rules', 'export', 'none.yml'],
  ['rules', 'replay', 'none.yml', '--url', 'http://127.0.0.1:9'],
  ['rules', 'test', 'none.yml'],
]) {
  test(`D a file that cannot be read ends with 2: ${args.join(' ')}`, async (t) => {
    const { code, out, err } = await cli(args, { cwd: folderWith(t, FILES) });
    assert.equal(code, 2);
    assert.match(out + err, /none\.yml: .*ENOENT/);
  });
}

test('D rules test --run with a pattern that matches no test is an error', async (t) => {
  const cwd = folderWith(t, FILES);
  const none = await cli(['rules', 'test', 'tests.yml', '--run', 'zzz'], { cwd });
  assert.equal(none.code, 2);
  assert.match(none.err, /no test matches --run "zzz"/);
  const one = await cli(['rules', 'test', 'tests.yml', '--run', 'do'], { cwd });
  assert.deepEqual([one.code, one.out], [0, 'tests.yml: 1 check: ok\n']);
});

for (const [typed, meant] of [
  ['rules chek', 'rules check'],
  ['rules chekc rules.yml', 'rules check'],
  ['silence lst', 'silence list'],
  ['statsu', 'rules status'],
  ['replya', 'rules replay'],
  ['validat', 'validate'],
  ['dashboard push', 'dashboards push'],
] as const) {
  test(`D the misspelt command "${typed}" gets a suggestion`, async () => {
    const { code, err } = await cli(typed.split(' '));
    assert.equal(code, 2);
    assert.match(err, new RegExp(`unknown command "[^"]+"; did you mean "${meant}"\\?\n`));
    assert.doesNotMatch(err, /unknown command "rules"/);
  });
}

test('D a command of a group that resembles none is named with its group', async () => {
  assert.match((await cli(['rules', 'xyzzy'])).err, /unknown command "rules xyzzy"\n/);
  assert.match((await cli(['xyzzy'])).err, /unknown command "xyzzy"\n/);
});

test('D every command has --json', async () => {
  for (const { name, load } of commands) {
    const { command } = await load();
    assert.equal(command.options['json']?.type, 'boolean', name);
  }
});

test('D a command that fails with --json prints the error as JSON, on stdout', async () => {
  for (const args of [
    ['rules', 'status', '--json', '--url', 'http://127.0.0.1:9'],
    ['rules', 'reload', '--json'],
    ['silence', 'list', '--json'],
    ['rules', 'chek', '--json'],
  ]) {
    const { code, out, err } = await cli(args, { env: { OTEL_SERVICE_NAME: 'none-such' } });
    assert.equal(code, 2, args.join(' '));
    const { ok, error } = JSON.parse(out) as { ok: boolean; error: Record<string, string> };
    assert.equal(ok, false);
    assert.match(error['code'] ?? '', /^MON_/);
    assert.ok(err.includes(error['message'] ?? '-'));
  }
});

test('D rules export --json has the groups of the rule file', async (t) => {
  const cwd = folderWith(t, { ...FILES, 'bad.yml': 'groups: 7\n' });
  const { code, out } = await cli(['rules', 'export', 'rules.yml', '--json'], { cwd });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { ...(parse(RULES) as object), ok: true });
  const bad = await cli(['rules', 'export', 'bad.yml', '--json'], { cwd });
  assert.equal(bad.code, 1);
  assert.equal((JSON.parse(bad.out) as { findings: unknown[] }).findings.length, 1);
});

test('D dashboards export --json lists the files', async (t) => {
  const cwd = folderWith(t, {});
  const { code, out } = await cli(['dashboards', 'export', 'http', '--json'], { cwd });
  assert.equal(code, 0);
  const path = join('dashboards', 'http.json');
  assert.deepEqual(JSON.parse(out), { files: [{ name: 'http', path, written: true }], ok: true });
  assert.match(readFileSync(join(cwd, path), 'utf8'), /"uid"/);
});
