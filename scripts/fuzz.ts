/** `npm run fuzz`: the PromQL parser and evaluator under random texts, FUZZ_RUNS of each kind, a million unless set. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MILLION = '1000000';
const root = join(import.meta.dirname, '..');
const file = join('test', 'alerts', 'promql', 'fuzz.test.ts');

const { FUZZ_RUNS = MILLION } = process.env;
console.log(`${FUZZ_RUNS} random texts of each kind; each failure names its seed`);
const child = spawn(process.execPath, ['--test', file], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS },
});
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
