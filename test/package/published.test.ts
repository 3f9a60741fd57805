import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

// These tests look at what the build made: `npm test` builds first.
const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

function packed(): Packed {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  return (JSON.parse(output) as [Packed])[0];
}

test('only built files and documents are published', () => {
  const others = packed().files.map(({ path }) => path);
  assert.deepEqual(others.filter((path) => !/^(dist|docs)\//.test(path)).sort(), [
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'package.json',
  ]);
});

test('K the tarball has at most 1.5 MB packed and 5 MB unpacked', () => {
  const { size, unpackedSize } = packed();
  assert.ok(size <= 1.5e6, `${size} bytes packed`);
  assert.ok(unpackedSize <= 5e6, `${unpackedSize} bytes unpacked`);
});

test('K links of the published documents lead to published files', () => {
  const files = new Set(packed().files.map(({ path }) => path));
  const folders = new Set([...files].map((path) => dirname(path)));
  const lost: string[] = [];
  for (const document of [...files].filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(join(root, document), 'utf8').replaceAll(/```[^]*?```/g, '');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
      const target = join(dirname(document), link).replace(/\/$/, '');
      if (!files.has(target) && !folders.has(target)) lost.push(`${document}: ${link}`);
    }
  }
  assert.deepEqual(lost, []);
});

test('require and import give the same classes, so that both share one agent', () => {
  const program = `
    const { createRequire } = await import('node:module');
    const required = createRequire(import.meta.url)('@geometra/monitoring');
    const imported = await import('@geometra/monitoring');
    const names = Object.keys(required).sort();
    const same = names.every((name) => required[name] === imported[name]);
    console.log(JSON.stringify({ same, names, imported: Object.keys(imported).sort() }));`;
  const seen = JSON.parse(node('--input-type=module', '-e', program)) as {
    same: boolean;
    names: string[];
    imported: string[];
  };
  assert.equal(seen.same, true);
  assert.deepEqual(seen.imported, seen.names);
  assert.ok(seen.names.includes('AIMetricsCollector'));
});

test('the preload can be required by its public name and gives the program its way', () => {
  const output = node('--require', '@geometra/monitoring/register', '-e', 'console.log("ran")');
  assert.equal(output, 'ran\n');
});

test('what a process pays that observes nothing is a small file and Node itself', () => {
  const program = `
    require('@geometra/monitoring/register');
    console.log(JSON.stringify(Object.keys(require.cache).map((file) => require('node:path').basename(file)).sort()));`;
  const loaded = JSON.parse(node('-e', program)) as string[];
  assert.ok(loaded.includes('preload.cjs'));
  assert.deepEqual(
    loaded.filter((file) => file === 'agent.cjs' || file === 'monitor.cjs'),
    [],
  );
  const bytes = loaded.reduce((sum, file) => sum + readFileSync(join(dist, file)).length, 0);
  assert.ok(bytes < 110_000, `${bytes} bytes of JavaScript`);
});

test('K a stack names functions and lines without a map, and no folder of the machine that built it', () => {
  const bundles = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[cm]js$/.test(file),
  );
  assert.ok(bundles.includes('monitor.cjs'));
  for (const file of bundles) {
    const text = readFileSync(join(dist, file), 'utf8');
    assert.ok(!text.includes(root), file);
    assert.ok(!text.includes('sourceMappingURL='), file);
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    assert.ok(longest < 20_000, `${file}: a line of ${longest} characters`);
  }
  const [, , stack] = spawnSync(
    process.execPath,
    ['-e', `const { AlertManager } = require('@geometra/monitoring'); new AlertManager(null).addRule(null)`],
    { cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  ).output;
  assert.match(stack ?? '', /at AlertManager\.addRule \(\S*index\.cjs:\d+:\d+\)/);
});

test('the licences of everything that is bundled are shipped', () => {
  const notices = readFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of [
    '@opentelemetry/api 1.10.0 (Apache-2.0)',
    '@opentelemetry/sdk-metrics',
    'systeminformation',
  ])
    assert.ok(notices.includes(name), name);
  assert.match(notices, /Apache License\s+Version 2\.0/);
});

test('types come for import and for require, and each names only files that are there', () => {
  const types = join(dist, 'types');
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.d\.c?ts$/.test(file),
  );
  assert.ok(files.includes('index.d.ts'));
  assert.ok(files.includes('index.d.cts'));
  for (const file of files) {
    const text = readFileSync(join(types, file), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      assert.match(path, file.endsWith('.d.cts') ? /\.cjs$/ : /\.js$/, `${file}: ${path}`);
      const declaration = path.replace(/\.cjs$/, '.d.cts').replace(/\.js$/, '.d.ts');
      assert.ok(existsSync(join(types, file, '..', declaration)), `${file}: ${path}`);
    }
  }
});
