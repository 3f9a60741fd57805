/**
 * `npm run check`: everything that has to hold before a commit, one line a step, the output of those that fail and the
 * warnings of the others.
 * `npm run check -- lint types` runs only these, `npm run check -- --no-test` all but the tests.
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const NODE = process.execPath;

/** One row per step: its name and the commands that all have to succeed. */
const STEPS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  format: [['prettier', '--check', '--log-level', 'warn', '.']],
  lint: [['oxlint', '--type-aware', '--deny-warnings']],
  types: [
    ['tsc', '-p', '.'],
    ['tsc', '-p', 'test'],
  ],
  docs: [[NODE, 'scripts/docs.ts', '--check']],
  dashboards: [[NODE, 'scripts/dashboards.ts', '--check']],
  unused: [['knip']],
  lockfile: [[NODE, 'scripts/lockfile.ts', '--check']],
  licences: [[NODE, 'scripts/licences.ts']],
  address: [[NODE, 'scripts/address.ts', '--check']],
  build: [[NODE, 'scripts/build.ts']],
  package: [['publint', '--strict']],
  exports: [['attw', '--pack', '.', '--profile', 'node16', '--no-emoji']],
  test: [['npm', 'test', '--silent']],
};

interface Result {
  readonly ok: boolean;
  readonly output: string;
}

function run([command = '', ...args]: readonly string[], live: boolean): Promise<Result> {
  return new Promise((settle) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: root,
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1' },
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => settle({ ok: false, output: error.message }));
    child.on('close', (code) => settle({ ok: code === 0, output }));
  });
}

async function runStep(name: string): Promise<boolean> {
  const startedMs = performance.now();
  // Tests take long: their output is shown as it comes.
  const live = name === 'test';
  const results: Result[] = [];
  for (const command of STEPS[name] ?? []) results.push(await run(command, live));
  const failed = results.filter((result) => !result.ok);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${failed.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  for (const { output } of failed) if (output !== '') console.log(output.replaceAll(/^/gm, '       '));
  for (const { ok, output } of results)
    for (const line of ok ? output.split('\n').filter((text) => text.startsWith('warning: ')) : [])
      console.log(`       ${line}`);
  return failed.length === 0;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((word) => word !== '--no-test' && !Object.hasOwn(STEPS, word));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there is ${Object.keys(STEPS).join(', ')}, --no-test`);
  process.exit(2);
}
const named = wanted.filter((word) => word !== '--no-test');
const steps = (named.length > 0 ? named : Object.keys(STEPS)).filter(
  (name) => name !== 'test' || !wanted.includes('--no-test'),
);
const failures: string[] = [];
for (const name of steps) if (!(await runStep(name))) failures.push(name);
console.log(failures.length === 0 ? 'check: all ok' : `check: failed: ${failures.join(', ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
