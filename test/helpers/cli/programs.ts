import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm run stack:install` puts what it builds. */
const BUILT = join(import.meta.dirname, '..', '..', '..', '.stack', 'bin');

/** The path of a program of Prometheus that `npm run stack:install` has built; undefined where it has not. */
export function builtProgram(name: 'prometheus' | 'promtool'): string | undefined {
  const path = join(BUILT, name);
  return existsSync(path) ? path : undefined;
}

/** The built promtool, else the one of the machine; undefined without either. */
export function anyPromtool(): string | undefined {
  const built = builtProgram('promtool');
  if (built !== undefined) return built;
  return spawnSync('promtool', ['--version']).error === undefined ? 'promtool' : undefined;
}
