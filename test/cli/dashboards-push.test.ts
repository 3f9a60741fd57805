import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli, folderWith } from '../helpers/cli/cli.ts';
import { grafanaServer } from '../helpers/cli/grafana-server.ts';

const TOKEN = 'glsa_test';
const env = { MONITORING_GRAFANA_TOKEN: TOKEN };
const ALL = ['ai', 'alerts', 'database', 'http', 'logs', 'overview', 'system'];

test('all dashboards are created in a folder that is made, with the token of the environment', async (t) => {
  const grafana = await grafanaServer(t);
  const { code, out, err } = await cli(['dashboards', 'push', '--url', `${grafana.url}/`], { env });
  assert.equal(err, '');
  assert.equal(code, 0);
  assert.deepEqual([...grafana.folders.values()], ['Geometra monitoring']);
  assert.deepEqual(
    [...grafana.dashboards.keys()],
    ALL.map((name) => `geometra-${name}`),
  );
  assert.ok(grafana.received.every(({ authorization }) => authorization === `Bearer ${TOKEN}`));
  const lines = out.trimEnd().split('\n');
  assert.equal(lines[3], `Geometra / HTTP: version 1, ${grafana.url}/d/geometra-http/geometra-http`);
  assert.equal(lines.length, ALL.length);
  assert.ok(!out.includes(TOKEN));
});

test('a dashboard goes out in the shape that Grafana documents', async (t) => {
  const grafana = await grafanaServer(t, { folders: [['abc', 'Ops']] });
  await cli(['dashboards', 'push', 'http', '--url', grafana.url, '--folder', 'Ops'], { env });
  const sent = grafana.received.filter(({ method }) => method === 'POST');
  assert.deepEqual(
    sent.map(({ path }) => path),
    ['/api/dashboards/db'],
  );
  const body = sent[0]?.body as Record<string, unknown>;
  assert.deepEqual(Object.keys(body).sort(), ['dashboard', 'folderUid', 'message', 'overwrite']);
  assert.equal(body['folderUid'], 'abc');
  assert.equal(body['overwrite'], true);
  assert.equal(body['message'], 'geometra-monitoring dashboards push');
  const dashboard = body['dashboard'] as Record<string, unknown>;
  assert.equal(dashboard['id'], null);
  assert.equal(dashboard['uid'], 'geometra-http');
  assert.ok(Array.isArray(dashboard['panels']));
});

test('pushed again, they are replaced where they are, and Grafana counts their versions', async (t) => {
  const grafana = await grafanaServer(t);
  const args = ['dashboards', 'push', 'logs', '--url', grafana.url];
  await cli(args, { env });
  const { code, out } = await cli(args, { env });
  assert.equal(code, 0);
  assert.match(out, /^Geometra \/ Logs: version 2, /);
  assert.equal(grafana.folders.size, 1);
});

test('the folder is found beyond the first thousand', async (t) => {
  const folders = Array.from({ length: 1000 }, (_, i) => [`uid-${i}`, `folder ${i}`] as const);
  const grafana = await grafanaServer(t, { folders: [...folders, ['last', 'Geometra monitoring']] });
  await cli(['dashboards', 'push', 'ai', '--url', grafana.url], { env });
  assert.equal(grafana.dashboards.get('geometra-ai')?.folderUid, 'last');
  assert.equal(grafana.folders.size, 1001);
});

test('below a path, the addresses that are printed are those of Grafana', async (t) => {
  const grafana = await grafanaServer(t, { prefix: '/grafana' });
  const { out } = await cli(['dashboards', 'push', 'ai', '--url', grafana.url], { env });
  assert.ok(out.endsWith(`${new URL(grafana.url).origin}/grafana/d/geometra-ai/geometra-ai\n`), out);
});

test('user and password of the address are sent, and never printed', async (t) => {
  const grafana = await grafanaServer(t);
  const url = grafana.url.replace('http://', 'http://admin:secret@');
  const { code, out, err } = await cli(['dashboards', 'push', 'ai', '--url', url], { env });
  assert.equal(code, 0);
  assert.ok(!`${out}${err}`.includes('secret'), out);
  assert.match(out, /^Geometra \/ AI: version 1, http:\/\/127\.0\.0\.1:\d+\/d\/geometra-ai\//);
});

test('the token may come from a file', async (t) => {
  const grafana = await grafanaServer(t);
  const folder = folderWith(t, {});
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
  const context = { env: { MONITORING_GRAFANA_TOKEN_FILE: join(folder, 'token') } };
  const { code } = await cli(['dashboards', 'push', 'ai', '--url', grafana.url], context);
  assert.equal(code, 0);
});

test('one that Grafana refuses is named with its words, the others are pushed, and the exit code is 1', async (t) => {
  const grafana = await grafanaServer(t, { provisioned: ['geometra-http'] });
  const { code, out, err } = await cli(['dashboards', 'push', '--url', grafana.url], { env });
  assert.equal(code, 1);
  assert.equal(err, 'rejected http: 400, Cannot save provisioned dashboard\n');
  assert.equal(out.trimEnd().split('\n').length, ALL.length - 1);
});

test('without a token, with a wrong one or too small a role the command ends with a code and what helps', async (t) => {
  const grafana = await grafanaServer(t, { role: 'Viewer' });
  const args = ['dashboards', 'push', '--url', grafana.url];
  const without = await cli(args);
  assert.equal(without.code, 2);
  assert.match(without.err, /status 401, credentials required\n.* \[MON_REMOTE\]\n$/);
  const wrong = await cli(args, { env: { MONITORING_GRAFANA_TOKEN: 'glsa_wrong_and_secret' } });
  assert.match(wrong.err, /status 401, credentials required/);
  assert.ok(!wrong.err.includes('glsa_wrong_and_secret'));
  const viewer = await cli(args, { env });
  assert.equal(viewer.code, 2);
  assert.match(
    viewer.err,
    /: Grafana answered 403, You'll need additional permissions.*\n.*Editor role .*\[MON_GRAFANA\]\n$/,
  );
});

test('an address without a Grafana server is an error with the address', async (t) => {
  const grafana = await grafanaServer(t);
  const elsewhere = await cli(['dashboards', 'push', '--url', `${grafana.url}/other`], { env });
  assert.equal(elsewhere.code, 2);
  assert.match(elsewhere.err, /\/other\/api\/folders\?.*: Grafana answered status 404\n.*\[MON_GRAFANA\]\n$/);
  const nowhere = await cli(['dashboards', 'push', '--url', 'grafana.example'], { env });
  assert.match(nowhere.err, /--url: expected a URL such as .*\n.*\[MON_COMMAND\]\n$/);
  const none = await cli(['dashboards', 'push'], { env });
  assert.equal(none.code, 2);
  assert.match(none.err, /--url is required.*\n.*\[MON_COMMAND\]\n$/);
});
