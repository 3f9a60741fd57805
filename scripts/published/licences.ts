import type { Lockfile } from '../lockfile/lockfile.ts';

/** Licences under which code may be shipped in `dist/`: they ask for a notice and nothing else. */
export const SHIPPED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

/** What tools and tests may be under as well; nothing of them is shipped. */
export const INSTALLED = [...SHIPPED, 'BlueOak-1.0.0'];

/** `(MIT OR EUPL-1.1+)`: one of them is enough. An expression with AND needs all. */
function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(/\s+OR\s+/);
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((id) => allowed.includes(id)));
}

/** The packages of a lockfile whose licence is not allowed, as `path: licence`. Packages of other platforms have none there. */
export function refused(lockfile: Lockfile, allowed: readonly string[]): readonly string[] {
  return Object.entries(lockfile.packages)
    .filter(([path, { license, optional }]) => path !== '' && !(license === undefined && optional === true))
    .filter(([, { license = '' }]) => !isAllowed(license, allowed))
    .map(([path, { license = 'no licence named' }]) => `${path}: ${license}`);
}
