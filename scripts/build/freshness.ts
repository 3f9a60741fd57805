import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `dist/` is made of. */
export const INPUTS = [
  'src',
  'collector/grafana/dashboards',
  'scripts/build.ts',
  'scripts/build',
  'package.json',
  'package-lock.json',
  'vendor',
];

/** Where a build notes what it was made of; not published. */
const NOTE = '.inputs';

function addTo(hash: Hash, root: string, path: string): void {
  const full = join(root, path);
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).toSorted()) addTo(hash, root, `${path}/${name}`);
    return;
  }
  const content = readFileSync(full);
  hash.update(`${path} ${content.length}\n`).update(content);
}

/** A hash of the names and contents of all inputs: dates are not reliable after a clone, a copy or a deletion. */
export function inputsPrint(root: string): string {
  const hash = createHash('sha256');
  for (const input of INPUTS) addTo(hash, root, input);
  return hash.digest('hex');
}

/** Notes in a folder that it was built from these inputs. */
export function noteInputs(dist: string, print: string): void {
  writeFileSync(join(dist, NOTE), print);
}

/** Whether `dist/` is missing or was built from other inputs. */
export function isStale(root: string): boolean {
  try {
    return readFileSync(join(root, 'dist', NOTE), 'utf8') !== inputsPrint(root);
  } catch {
    return true;
  }
}
