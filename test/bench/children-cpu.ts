import { Child } from './child.ts';
import { join } from 'node:path';

/**
 * CPU of a Node process from start to end, ms: the mean of `count` runs of `node <args>`, one after the other, from
 * what the system accounts to ended children (Linux), else from each process' own last word.
 */
export async function childrenCpuMs(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  count: number,
): Promise<number> {
  const parent = new Child(join(import.meta.dirname, 'programs', 'run-children.cjs'), [], env);
  try {
    return (await parent.ask<number>({ run: args, count }, 'cpuMs')) / count;
  } finally {
    await parent.stop();
  }
}
