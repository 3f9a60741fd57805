import { spawnSync } from 'node:child_process';
import { programPath, type ProgramName } from '../../../scripts/stack/programs.ts';

export interface ProgramRun {
  readonly code: number | null;
  /** What it printed on both streams. */
  readonly output: string;
}

/** Runs a built program to its end. */
export function runProgram(
  name: ProgramName,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ProgramRun {
  const { status, stdout, stderr } = spawnSync(programPath(name), args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
    timeout: 60_000,
  });
  return { code: status, output: `${stdout}${stderr}` };
}
