import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblem, problem } from '../../src/errors.ts';

const file = join(import.meta.dirname, '../../src/own-log/stderr.ts');

function run(body: string, stdio: 'pipe' | 'ignore' = 'pipe'): { stderr: string; status: number | null } {
  const program = `
    const { logOnce } = await import(${JSON.stringify(file)});
    const again = await import(${JSON.stringify(file)} + '?copy');
    ${body}`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', stdio],
  });
  return { stderr: stderr ?? '', status };
}

test('each code is logged once, also by a second copy of the package', () => {
  const { stderr, status } = run(`
    logOnce({ code: 'MON_WORKER_FORBIDDEN', params: {} });
    logOnce({ code: 'MON_WORKER_FORBIDDEN', params: {} });
    again.logOnce({ code: 'MON_WORKER_FORBIDDEN', params: {} });
    again.logOnce({ code: 'MON_START', params: { got: 'x' } });`);
  assert.equal(status, 0);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    `[monitoring] ${formatProblem(problem('MON_WORKER_FORBIDDEN'))}`,
    `[monitoring] ${formatProblem(problem('MON_START', { got: 'x' }))}`,
  ]);
});

test('a closed stderr does not disturb the service', () => {
  const { status } = run(`
    const { closeSync } = await import('node:fs');
    closeSync(2);
    logOnce({ code: 'MON_WORKER_FORBIDDEN', params: {} });
    process.exitCode = 5;`);
  assert.equal(status, 5);
});
