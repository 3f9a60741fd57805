import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A program in a folder of its own. */
function program(text: string, file = 'app.cjs'): { readonly cwd: string; readonly script: string } {
  const cwd = temporaryFolder('waking');
  writeFileSync(join(cwd, file), text);
  return { cwd, script: join(cwd, file) };
}

for (const [what, text] of [
  ['a timer', 'setInterval(() => {}, 500);'],
  ['a net server', "require('node:net').createServer().listen(0, '127.0.0.1');"],
  ['a UDP socket', "require('node:dgram').createSocket('udp4').bind(0, '127.0.0.1');"],
] as const) {
  test(`P2 a process that lasts is observed, with nothing but ${what}`, async () => {
    const { cwd, script } = program(text);
    await using service = new Service(script, { cwd });
    assert.match(await service.metrics(), /^process_cpu_seconds_total /m);
  });
}

test('P2 a script that ends before two seconds leaves no file and opens no port', async () => {
  const { cwd, script } = program("setTimeout(() => console.log('migrated'), 300);");
  await using service = new Service(script, { cwd });
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  // Held until it has lasted, it would have been observed.
  assert.deepEqual([service.stdout, service.stderr], ['migrated\n', '']);
  assert.deepEqual(readdirSync(cwd), ['app.cjs']);
});

test('P2 a command out of node_modules that lasts and serves nothing is not observed', async () => {
  const { cwd } = program('');
  const bin = join(cwd, 'node_modules', 'supervisor', 'bin.cjs');
  mkdirSync(join(bin, '..'), { recursive: true });
  writeFileSync(bin, 'setTimeout(() => {}, 2600);');
  writeFileSync(join(bin, '..', 'package.json'), '{"name":"supervisor","bin":"bin.cjs"}');
  await using service = new Service(bin, { cwd });
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  assert.equal(service.stderr, '');
  assert.equal(existsSync(join(cwd, 'logs')), false);
});

test('P1 a tool is never observed, whatever it serves and however long it lasts', async () => {
  const { cwd } = program('');
  const folder = join(cwd, 'lib', 'node_modules', 'corepack');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"corepack","bin":{"corepack":"dist/corepack.js"}}');
  writeFileSync(
    join(folder, 'dist', 'corepack.js'),
    `require('node:http').createServer().listen(0, '127.0.0.1', function () { setTimeout(() => this.close(), 2400); });`,
  );
  symlinkSync(join(folder, 'dist', 'corepack.js'), join(cwd, 'corepack'));
  await using service = new Service(join(cwd, 'corepack'), { cwd });
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  assert.equal(service.stderr, '');
  assert.equal(existsSync(join(cwd, 'logs')), false);
});
