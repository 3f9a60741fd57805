import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { VERSION } from '../../src/config/version.ts';
import { folderWith } from '../helpers/cli/cli.ts';

// These tests run what the build made: `npm test` builds first.
const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'dist', 'cli.mjs');

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], cwd = root, env: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, stdout, stderr };
}

test('the built file is what package.json installs, and can be executed', () => {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  assert.deepEqual(bin, { 'geometra-monitoring': 'dist/cli.mjs' });
  assert.ok(readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n'));
  assert.equal(statSync(program).mode & 0o111, 0o111);
  assert.deepEqual(run(['--version']), { status: 0, stdout: `${VERSION}\n`, stderr: '' });
});

test('exit codes, stdout and stderr are those of the commands', (t) => {
  const cwd = folderWith(t, {
    'good.yml': 'rules:\n  - { name: A, condition: system_cpu_usage > 90, severity: warning }\n',
    'bad.yml': 'rules:\n  - { name: A, condition: "sum(" }\n',
    'tests.yml':
      'rule_files: [good.yml]\ntests:\n  - promql_expr_test: [{ expr: vector(1) > 1, eval_time: 1m }]\n',
  });
  assert.deepEqual(run(['rules', 'check', 'good.yml'], cwd), {
    status: 0,
    stdout: '1 file, 1 rule: ok\n',
    stderr: '',
  });
  const bad = run(['rules', 'check', 'bad.yml'], cwd);
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^bad\.yml:2:32: error: expected a PromQL expression/);
  assert.deepEqual(run(['rules', 'test', 'tests.yml'], cwd), {
    status: 0,
    stdout: 'tests.yml: 1 check: ok\n',
    stderr: '',
  });
  const exported = run(['rules', 'export', 'good.yml'], cwd);
  assert.match(exported.stdout, /^groups:\n {2}- name: rules\n/);
  const nothing = run(['nothing'], cwd);
  assert.deepEqual([nothing.status, nothing.stdout], [2, '']);
  assert.equal(run(['validate'], cwd, { MONITORING_RULES: 'bad.yml' }).status, 1);
  assert.equal(run(['validate'], cwd, { MONITORING_RULES: 'good.yml' }).status, 0);
});

test('a command loads neither OpenTelemetry nor the mailer unless it needs them', () => {
  const program2 = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.argv.splice(1, 1, ${JSON.stringify(program)}, '--help');
    process.on('exit', () => console.error(JSON.stringify(loaded.filter((url) => url.startsWith('file:')).length)));
    await import(${JSON.stringify(program)});`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program2], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  assert.match(stdout, /^usage: /);
  assert.ok(Number(stderr) <= 8, `${stderr.trim()} files for the overview`);
});

test('a reader that goes away early is no failure', async () => {
  const child = spawn(process.execPath, [program, 'rules', 'export'], { env: { PATH: process.env['PATH'] } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.destroy();
  const [code] = (await once(child, 'close')) as [number];
  assert.deepEqual([code, stderr], [0, '']);
});

test('the demo outside of the repository points to the repository', (t) => {
  const cwd = folderWith(t, { 'package.json': '{"name":"@geometra/monitoring","type":"module"}' });
  const copied = spawnSync('cp', ['-r', join(root, 'dist'), join(cwd, 'dist')]);
  assert.equal(copied.status, 0);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(cwd, 'dist', 'cli.mjs'), 'demo'], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /the demo is part of the repository.*npm run demo/);
});

test('the demo inside of the repository is the demo', () => {
  const { status, stdout } = run(['demo', '--for', 'never']);
  assert.equal(status, 1, stdout);
});
