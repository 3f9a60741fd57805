import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../src/config/read-settings.ts';
import { resourceOf } from '../../src/config/service-identity.ts';

/** The resource of a program in a tree of package.json files, given as their texts by folder. */
function resource(
  env: NodeJS.ProcessEnv,
  program: string | undefined,
  packages: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const readFile = (path: string): string => {
    const text = packages[path.replace(/\/package\.json$/, '')];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  };
  const { settings } = readSettings(env, readFile);
  const facts = {
    program,
    cwd: '/srv/apps/web',
    hostname: 'host-1',
    pid: 42,
    processId: 'p-1',
    version: '9.9.9',
    readFile,
  };
  return resourceOf(settings, facts);
}

const shop = { '/srv/shop': '{"name":"shop","version":"1.4.0"}' };

test('the name is the setting, else the attribute, else that of the package, else unknown', () => {
  const env = { OTEL_SERVICE_NAME: 'set', OTEL_RESOURCE_ATTRIBUTES: 'service.name=attribute' };
  const program = '/srv/shop/app.js';
  const { OTEL_RESOURCE_ATTRIBUTES } = env;
  assert.equal(resource(env, program, shop)['service.name'], 'set');
  assert.equal(resource({ OTEL_RESOURCE_ATTRIBUTES }, program, shop)['service.name'], 'attribute');
  assert.equal(resource({}, program, shop)['service.name'], 'shop');
  assert.equal(resource({}, program)['service.name'], 'unknown_service:node');
  assert.equal(resource({}, undefined, shop)['service.name'], 'unknown_service:node');
});

test('the nearest package.json with a name counts; one without or broken is passed over', () => {
  const packages = {
    ...shop,
    '/srv/shop/dist': '{"type":"module"}',
    '/srv/shop/dist/server': '{"name": broken',
    '/srv': '{"name":"too-far"}',
  };
  const found = resource({}, '/srv/shop/dist/server/main.js', packages);
  assert.equal(found['service.name'], 'shop');
  assert.equal(found['service.version'], '1.4.0');
});

test('a version that is given wins over that of the package', () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: 'service.version=2.0.0-rc' };
  assert.equal(resource(env, '/srv/shop/app.js', shop)['service.version'], '2.0.0-rc');
  assert.ok(!('service.version' in resource({}, undefined)));
});

test('a package without a version gives its name only', () => {
  const found = resource({}, '/a/b.js', { '/a': '{"name":"a","version":3}' });
  assert.equal(found['service.name'], 'a');
  assert.ok(!('service.version' in found));
});

test('the instance is identified by host, process and run; configured attributes win', () => {
  const found = resource({}, '/srv/shop/app.js', shop);
  assert.equal(found['host.name'], 'host-1');
  assert.equal(found['process.pid'], '42');
  assert.equal(found['service.instance.id'], 'p-1');
  assert.equal(found['telemetry.distro.name'], '@geometra/monitoring');
  assert.equal(found['telemetry.distro.version'], '9.9.9');
  const given = resource({ OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=mine,team=blue' }, undefined);
  assert.equal(given['service.instance.id'], 'mine');
  assert.equal(given['team'], 'blue');
});

test('nothing that may hold a secret is shown: no command line, path or user', () => {
  const text = JSON.stringify(resource({}, '/home/alice/secret-project/app.js', shop));
  assert.ok(!text.includes('alice'));
  assert.ok(!text.includes('secret-project'));
  assert.ok(!/process\.(command|executable|owner)/.test(text));
});

test('P1 a program out of node_modules serves the project it is started in, else the one it is installed in', () => {
  const next = { '/srv/node_modules/next': '{"name":"next","version":"16.0.0"}' };
  const program = '/srv/node_modules/next/dist/bin/next';
  const nameOf = (packages: Readonly<Record<string, string>>): string | undefined =>
    resource({}, program, { ...next, ...packages })['service.name'];
  assert.equal(nameOf({ '/srv/apps/web': '{"name":"web"}', '/srv': '{"name":"all"}' }), 'web');
  assert.equal(nameOf({ '/srv': '{"name":"all"}' }), 'all');
  assert.equal(nameOf({}), 'next');
});

test('P1 a folder as program is its package', () => {
  assert.equal(resource({}, '/srv/shop', shop)['service.name'], 'shop');
});
