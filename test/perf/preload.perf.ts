import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { median } from '../helpers/cpu-ms.ts';
import { fixture, REGISTER } from '../helpers/service.ts';

test('a process that observes nothing pays under 15 ms of CPU for the preload', () => {
  const cpuOf = (args: readonly string[]): number => {
    const out = execFileSync(process.execPath, [...args, fixture('cpu.cjs')], {
      encoding: 'utf8',
      cwd: tmpdir(),
    });
    return Number(/cpu (\d+)/.exec(out)?.[1]) / 1000;
  };
  const bare: number[] = [];
  const preloaded: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    bare.push(cpuOf([]));
    preloaded.push(cpuOf(['--require', REGISTER]));
  }
  const added = median(preloaded) - median(bare);
  assert.ok(added < 15, `the preload added ${added.toFixed(1)} ms`);
});
