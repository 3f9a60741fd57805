import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const oxlint = join(root, 'node_modules', '.bin', 'oxlint');
const sandbox = mkdtempSync(join(tmpdir(), 'monitoring-imports-'));
after(() => rmSync(sandbox, { recursive: true }));

/**
 * What each room may import besides itself and src/errors.ts: the arrows of ARCHITECTURE.md. Lower rooms first; a room
 * that takes all of those below names the last of them.
 */
const leaves = ['address', 'time', 'config', 'files', 'own-log'];
const record = [...leaves, 'metrics', 'spool', 'logging'];
const judge = [...leaves, 'metrics', 'samples', 'promql'];
const lead = [...record, 'link', 'samples', 'promql', 'alerts'];
const allowed: Readonly<Record<string, readonly string[]>> = {
  address: [],
  time: [],
  config: ['address'],
  files: ['address', 'time', 'config'],
  'own-log': ['address', 'time', 'config', 'files'],
  metrics: leaves,
  spool: leaves,
  link: leaves,
  logging: [...leaves, 'metrics', 'spool'],
  sources: record,
  agent: [...record, 'sources', 'link'],
  samples: [...leaves, 'metrics'],
  promql: ['samples'],
  alerts: judge,
  monitor: lead,
  status: [...lead, 'monitor'],
  cli: [...lead, 'monitor', 'status'],
};
const folders = Object.keys(allowed);

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

/** The files among these in which the project's own lint rules find a forbidden import. */
function forbiddenAmong(files: Readonly<Record<string, string>>): string[] {
  copyFileSync(join(root, '.oxlintrc.json'), join(sandbox, '.oxlintrc.json'));
  rmSync(join(sandbox, 'src'), { recursive: true, force: true });
  for (const [file, imported] of Object.entries(files)) {
    mkdirSync(dirname(join(sandbox, file)), { recursive: true });
    writeFileSync(join(sandbox, file), `import { thing } from '${imported}';\nexport const other = thing;\n`);
  }
  const { stdout } = spawnSync(oxlint, ['-f', 'json', '.'], { cwd: sandbox, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as Report;
  const found = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'));
  return found.map(({ filename }) => filename).sort();
}

test('every folder may import exactly what the picture allows, at any depth', () => {
  const files: Record<string, string> = {};
  const expected: string[] = [];
  for (const from of folders) {
    for (const to of folders.filter((folder) => folder !== from)) {
      files[`src/${from}/to-${to}.ts`] = `../${to}/thing.ts`;
      files[`src/${from}/deep/er/to-${to}.ts`] = `../../../${to}/thing.ts`;
      if (!allowed[from]?.includes(to))
        expected.push(`src/${from}/to-${to}.ts`, `src/${from}/deep/er/to-${to}.ts`);
    }
    files[`src/${from}/to-errors.ts`] = '../errors.ts';
    files[`src/${from}/to-itself.ts`] = './thing.ts';
    files[`src/${from}/deep/to-itself.ts`] = '../thing.ts';
  }
  assert.deepEqual(forbiddenAmong(files), expected.sort());
});

test('the syntax of PromQL imports neither its evaluation nor its functions', () => {
  const files = {
    'src/promql/syntax/parser/a.ts': '../../evaluation/evaluate.ts',
    'src/promql/syntax/b.ts': '../functions/table.ts',
    'src/promql/syntax/c.ts': '../../monitor/start.ts',
    'src/promql/syntax/d.ts': '../../samples/labels.ts',
  };
  assert.deepEqual(forbiddenAmong(files), [
    'src/promql/syntax/b.ts',
    'src/promql/syntax/c.ts',
    'src/promql/syntax/parser/a.ts',
  ]);
});

/** Imports of each file of src, of types as well. */
function importsOf(folder: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const file = join(folder, name);
    const imports = readFileSync(file, 'utf8').matchAll(/(?:^|\n)(?:import|export)[^;]*?from '(\.[^']+)'/g);
    found.set(
      file,
      Array.from(imports, ([, path = '']) => join(dirname(file), path)),
    );
  }
  return found;
}

test('no file of src imports itself through others, not even for a type', () => {
  const imports = importsOf(join(root, 'src'));
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (file: string): void => {
    assert.ok(!open.includes(file), `a circle: ${[...open.slice(open.indexOf(file)), file].join(' → ')}`);
    if (done.has(file)) return;
    open.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    open.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  assert.ok(done.size > 200);
});

test('errors and the preload import nothing of ours, the public API nothing of the monitor', () => {
  assert.deepEqual(forbiddenAmong({ 'src/errors.ts': './config/settings.ts' }), ['src/errors.ts']);
  assert.deepEqual(forbiddenAmong({ 'src/register.ts': './agent/entry.ts' }), ['src/register.ts']);
  assert.deepEqual(forbiddenAmong({ 'src/index.ts': './monitor/start.ts' }), ['src/index.ts']);
  assert.deepEqual(forbiddenAmong({ 'src/index.ts': './metrics/collectors.ts' }), []);
});

test('every folder of src has its rule', () => {
  const present = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  assert.deepEqual(
    present.map(({ name }) => name).filter((name) => !folders.includes(name)),
    [],
  );
});

test('process.env is read by the composition roots only', () => {
  const output = execFileSync('grep', ['-rlE', String.raw`process\.env\b`, 'src'], {
    cwd: root,
    encoding: 'utf8',
  });
  const roots = new Set([
    'src/agent/entry.ts',
    'src/agent/preload-entry.ts',
    'src/monitor/start.ts',
    'src/cli/main.ts',
  ]);
  const others = output
    .trim()
    .split('\n')
    .filter((file) => !roots.has(file));
  assert.deepEqual(others, []);
});

test('the parser of PromQL loads no file of the evaluation, and no function', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, imported] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      visit(join(dirname(file), imported!));
    }
  };
  const promql = join(root, 'src', 'promql');
  visit(join(promql, 'syntax', 'parser', 'parser.ts'));
  const inPromql = [...seen].filter((file) => file.startsWith(promql));
  assert.ok(inPromql.length > 10, 'the imports were followed');
  const outside = inPromql.filter((file) => !file.startsWith(join(promql, 'syntax')));
  assert.deepEqual(outside, []);
});
