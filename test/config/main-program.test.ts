import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MainProgram, mainProgram } from '../../src/config/main-program.ts';

/** The program of a process among files given by their texts; `links` are those of `.bin`. */
function program(
  script: string | undefined,
  files: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = {},
  links: Readonly<Record<string, string>> = {},
): MainProgram {
  return mainProgram({
    script,
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
    realPath: (path) => links[path] ?? path,
  });
}

const shop = { '/srv/shop/package.json': '{"name":"shop"}' };
const command = (name: string): string => JSON.stringify({ name, bin: { [name]: 'bin.js' } });

test('P1 a service is no tool because of a piece of its path', () => {
  for (const path of [
    '/srv/shop/typescript/dist/server.cjs',
    '/srv/shop/Daemon.cjs',
    '/srv/shop/npm/lib/main.js',
    '/srv/shop/pm2/lib/ProcessContainer.js',
    '/srv/shop/yarn.js',
    '/srv/shop/node_modules/npm-check/bin.js',
  ])
    assert.deepEqual(
      program(path, shop),
      { path, isTool: false, isInstalled: path.includes('node_modules') },
      path,
    );
});

test('P1 tools are recognised by the package that owns the main file, wherever it is and by whatever link', () => {
  for (const name of ['npm', 'pnpm', 'yarn', 'corepack', 'typescript', 'pm2']) {
    const files = { [`/opt/${name}/package.json`]: command(name), ...shop };
    assert.ok(program(`/opt/${name}/lib/deep/cli.js`, files).isTool, name);
    const link = { '/usr/bin/tool': `/opt/${name}/bin/cli.js` };
    assert.ok(program('/usr/bin/tool', files, {}, link).isTool, name);
  }
  const inner = { '/opt/npm/package.json': command('npm'), '/opt/npm/lib/package.json': '{"type":"module"}' };
  assert.ok(program('/opt/npm/lib/cli.js', inner).isTool);
});

test('P1 a project of the name of a tool is a service: it has no command', () => {
  assert.ok(!program('/srv/npm/server.js', { '/srv/npm/package.json': '{"name":"npm"}' }).isTool);
});

test('P1 the one file of Yarn 2 is a tool, in the project and in the folder of corepack', () => {
  assert.ok(program('/srv/shop/.yarn/releases/yarn-4.9.1.cjs', shop).isTool);
  const corepack = { '/home/a/.cache/node/corepack/v1/yarn/4.9.1/.corepack': '{}' };
  assert.ok(program('/home/a/.cache/node/corepack/v1/yarn/4.9.1/yarn.js', corepack).isTool);
  assert.ok(!program('/srv/shop/yarn.js', shop).isTool);
});

test('P1 under PM2 the program is the one that it runs, and PM2 itself is a tool', () => {
  const files = { '/usr/lib/node_modules/pm2/package.json': command('pm2'), ...shop };
  const env = { pm_exec_path: '/srv/shop/app.js' };
  for (const container of ['ProcessContainer.js', 'ProcessContainerFork.js'])
    assert.deepEqual(program(`/usr/lib/node_modules/pm2/lib/${container}`, files, env), {
      path: '/srv/shop/app.js',
      isTool: false,
      isInstalled: false,
    });
  assert.ok(program('/usr/lib/node_modules/pm2/lib/Daemon.js', files).isTool);
  assert.ok(program('/usr/lib/node_modules/pm2/lib/Daemon.js', files, env).isTool);
});

test('P1 a process that a service under PM2 starts runs its own program', () => {
  const env = { pm_exec_path: '/srv/shop/app.js' };
  assert.equal(program('/srv/shop/worker.js', shop, env).path, '/srv/shop/worker.js');
});

test('without a script there is no program, and no tool', () => {
  assert.deepEqual(program(undefined, shop), { path: undefined, isTool: false, isInstalled: false });
});
