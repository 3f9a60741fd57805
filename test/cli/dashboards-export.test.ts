import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER } from '../helpers/dashboards/dashboard-files.ts';
import { cli, folderWith } from '../helpers/cli/cli.ts';

const jsonOf = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('all dashboards are written as files that Grafana can provision', async (t) => {
  const cwd = folderWith(t, {});
  const { code, out } = await cli(['dashboards', 'export'], { cwd });
  assert.equal(code, 0);
  const names = readdirSync(join(cwd, 'dashboards'));
  assert.deepEqual(names, readdirSync(FOLDER));
  for (const name of names)
    assert.deepEqual(jsonOf(join(cwd, 'dashboards', name)), jsonOf(join(FOLDER, name)));
  assert.match(out, /^wrote dashboards\/ai\.json \(Geometra \/ AI\)\n/);
});

test('only those named are written, into the folder named, and what is the same stays untouched', async (t) => {
  const cwd = folderWith(t, {});
  const args = ['dashboards', 'export', 'http', 'logs', '--dir', 'grafana/deep'];
  await cli(args, { cwd });
  assert.deepEqual(readdirSync(join(cwd, 'grafana', 'deep')), ['http.json', 'logs.json']);
  writeFileSync(join(cwd, 'grafana/deep/http.json'), '{}');
  const again = await cli(args, { cwd });
  assert.match(again.out, /^wrote grafana\/deep\/http\.json .*\nunchanged grafana\/deep\/logs\.json .*\n$/);
});

test('an unknown name is an error with a suggestion', async () => {
  const close = await cli(['dashboards', 'export', 'databse']);
  assert.equal(close.code, 2);
  assert.match(close.err, /unknown dashboard "databse"; did you mean "database"\?\n.*\[MON_COMMAND\]\n$/);
  const far = await cli(['dashboards', 'export', 'kitchen']);
  assert.match(far.err, /available: ai, alerts, database, http, logs, overview, system\n/);
});

test('a folder that cannot be written is an error', async (t) => {
  const cwd = folderWith(t, { taken: 'a file' });
  const { code, err } = await cli(['dashboards', 'export', '--dir', 'taken/below'], { cwd });
  assert.equal(code, 2);
  assert.match(err, /taken\/below: ENOTDIR.*\n.*\[MON_COMMAND_FOLDER\]\n$/);
});

// Runs what the build made: `npm test` builds first.
test('the built program includes the dashboards', (t) => {
  const cwd = folderWith(t, {});
  const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [program, 'dashboards', 'export'], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  for (const name of readdirSync(FOLDER)) {
    assert.deepEqual(jsonOf(join(cwd, 'dashboards', name)), jsonOf(join(FOLDER, name)));
  }
});
