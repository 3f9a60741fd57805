import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

// These tests look at what the build made: `npm test` builds first.
const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

test('only built files and documents are published', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
  ) as Packed[];
  const others = (packed?.files ?? [])
    .map(({ path }) => path)
    .filter((path) => !path.startsWith('dist/') && !path.startsWith('docs/runbooks/'))
    .sort();
  assert.deepEqual(
    others.filter((path) => path !== 'README.md'),
    ['CHANGELOG.md', 'LICENSE', 'package.json'],
  );
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
  assert.ok(bytes < 40_000, `${bytes} bytes of JavaScript`);
});

test('every bundle has a map with its sources, and names no folder of the machine that built it', () => {
  const bundles = readdirSync(dist).filter((file) => file.endsWith('.cjs'));
  assert.ok(bundles.includes('monitor.cjs'));
  for (const file of bundles) {
    const text = readFileSync(join(dist, file), 'utf8');
    assert.ok(!text.includes(root), file);
    if (!text.includes('sourceMappingURL')) continue;
    const map = JSON.parse(readFileSync(join(dist, `${file}.map`), 'utf8')) as {
      sources: string[];
      sourcesContent: string[];
    };
    assert.equal(map.sources.length, map.sourcesContent.length, file);
    for (const source of map.sources) {
      assert.ok(!source.startsWith('/'), source);
      if (source.includes('/src/'))
        assert.ok(existsSync(join(dist, source)) || source.includes('node_modules'), source);
    }
  }
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
