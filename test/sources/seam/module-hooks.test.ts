import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { installModuleHooks, reachLoadedModules } from '../../../src/sources/seam/module-hooks.ts';

const folder = mkdtempSync(join(tmpdir(), 'monitoring-hooks-'));
after(() => rmSync(folder, { recursive: true }));
const require = createRequire(join(folder, 'app.js'));

/** Puts a file into a package of the service and returns where it is. */
function put(file: string, text: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface Patched {
  patched?: number;
}
const names = ['plain', 'comment', 'strict', 'broken', 'lines', 'throws', '@scope/name'];
const loaded: string[] = [];
installModuleHooks(
  [
    ...names.map((name) => `${name}/index.js`),
    'deep/lib/inner.js',
    'data/data.json',
    'throws-in-patch/index.js',
    'esm/index.js',
    'esm/outer.mjs',
  ],
  (file, url, exports) => {
    loaded.push(`${file} ${url}`);
    if (file.startsWith('esm/')) return;
    if (file.startsWith('throws-in-patch/')) throw new Error('the library has changed');
    const target = exports as Patched;
    target.patched = (target.patched ?? 0) + 1;
  },
);

test('a named file is patched once, when it is loaded, by require', () => {
  const path = put('node_modules/plain/index.js', 'exports.value = 1;');
  assert.deepEqual(require(path), { value: 1, patched: 1 });
  assert.deepEqual(require(path), { value: 1, patched: 1 });
});

test('a named file is patched when it is loaded by import', async () => {
  const path = put('node_modules/.pnpm/plain@2.0.0/node_modules/plain/index.js', 'exports.value = 2;');
  const { default: exports } = (await import(pathToFileURL(path).href)) as { default: unknown };
  assert.deepEqual(exports, { value: 2, patched: 1 });
});

test('packages of a scope and files deep in a package are found, also in a package of a package', () => {
  assert.deepEqual(require(put('node_modules/@scope/name/index.js', 'module.exports = {};')), { patched: 1 });
  const nested = put('node_modules/outer/node_modules/deep/lib/inner.js', 'module.exports = {};');
  assert.deepEqual(require(nested), { patched: 1 });
});

test('other files of the same name are left alone', () => {
  for (const file of [
    'plain/index.js',
    'node_modules/plain/lib/index.js',
    'node_modules/other/plain/index.js',
    'node_modules/deep/inner.js',
  ])
    assert.deepEqual(require(put(file, 'module.exports = {};')), {}, file);
});

test('a file that ends in a comment or replaces its exports last is patched all the same', () => {
  const comment = put('node_modules/comment/index.js', 'module.exports = {};\n// end: `}');
  assert.deepEqual(require(comment), { patched: 1 });
  const strict = put(
    'node_modules/strict/index.js',
    '"use strict";\nexports.old = 1;\nmodule.exports = { fresh: 1 };\n//# x',
  );
  assert.deepEqual(require(strict), { fresh: 1, patched: 1 });
});

test('data passes untouched', () => {
  assert.deepEqual(require(put('node_modules/data/data.json', '{"a":1}')), { a: 1 });
});

test('an ES module is reported with its namespace, also what it only passes on, by import and by require', async () => {
  put('node_modules/esm/package.json', '{"type":"module"}');
  const inner = put('node_modules/esm/index.js', 'export const value = 1; // end');
  const outer = put('node_modules/esm/outer.mjs', "export { value as again } from './index.js';");
  assert.deepEqual({ ...((await import(pathToFileURL(outer).href)) as object) }, { again: 1 });
  assert.deepEqual({ ...(require(inner) as object) }, { value: 1 });
  assert.deepEqual(
    loaded.filter((line) => line.startsWith('esm/')),
    [`esm/index.js ${pathToFileURL(inner).href}`, `esm/outer.mjs ${pathToFileURL(outer).href}`],
  );
});

test("P12 a file that was loaded before is reached in Node's cache, one that was not is not", () => {
  const early = put('node_modules/early/index.js', 'exports.value = 4;');
  put('node_modules/early/other.js', 'exports.value = 5;');
  const exports = require(early) as Patched;
  const seen: unknown[] = [];
  const files = ['early/index.js', 'early/other.js'];
  const reached = reachLoadedModules(files, (file, url, found) => seen.push([file, url, found]));
  assert.deepEqual(reached, ['early/index.js']);
  assert.deepEqual(seen, [['early/index.js', pathToFileURL(early).href, exports]]);
});

test('a patch that fails leaves the module as it was', () => {
  const path = put('node_modules/throws-in-patch/index.js', 'exports.value = 3;');
  assert.deepEqual(require(path), { value: 3 });
});

test('errors of the module itself stay what they were, at their own line', () => {
  const throws = put('node_modules/throws/index.js', '\n\nthrow new Error("its own");\n');
  assert.throws(
    () => require(throws) as unknown,
    (error: Error) => error.message === 'its own' && (error.stack ?? '').includes('throws/index.js:3:'),
  );
  const broken = put('node_modules/broken/index.js', 'const = ;');
  assert.throws(() => require(broken) as unknown, SyntaxError);
});

const repository = join(import.meta.dirname, '..', '..', '..');
const register = join(repository, 'dist', 'register.cjs');
const programs: Readonly<Record<string, string>> = {
  'app.cjs': "const express = require('express');",
  'app.mjs': "import express from 'express';",
};
/** Writes what the sources have found. */
const body = `
  express();
  const { found } = globalThis[Symbol.for('geometra.monitoring.sources.1')];
  console.log(found.all().map(({ library, version, state }) => [library, version, state].join(' ')).join());`;
const { version } = createRequire(import.meta.url)('express/package.json') as { version: string };

mkdirSync(join(folder, 'preloaded'));
symlinkSync(join(repository, 'node_modules'), join(folder, 'preloaded', 'node_modules'));

for (const option of ['--require', '--import']) {
  for (const [file, head] of Object.entries(programs)) {
    test(`preloaded by ${option}, the built preload reaches what ${file} loads`, () => {
      const program = put(`preloaded/${option}/${file}`, head + body);
      const target = option === '--import' ? pathToFileURL(register).href : register;
      const { stdout, stderr, status } = spawnSync(process.execPath, [option, target, program], {
        encoding: 'utf8',
        cwd: repository,
        env: { PATH: process.env['PATH'] },
      });
      assert.deepEqual([stdout, stderr, status], [`express ${version} observed\n`, '', 0]);
    });
  }
}

test('P12 a preload that comes after a library is reported in one line, and the library is observed', () => {
  const program = put(
    'preloaded/late/app.cjs',
    `require('@opentelemetry/api'); require(${JSON.stringify(register)});
     const { found } = globalThis[Symbol.for('geometra.monitoring.sources.1')];
     console.log(found.all().map(({ library, state }) => library + ' ' + state).join());`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    cwd: repository,
    env: { PATH: process.env['PATH'] },
  });
  assert.match(stdout, /^@opentelemetry\/api patched/);
  assert.match(
    stderr,
    /^\[monitoring\] \[MON_PRELOAD_LATE\] loaded before monitoring: @opentelemetry\/api\. .*\n$/,
  );
});
