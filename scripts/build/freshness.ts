import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What `dist/` is made of. */
export const INPUTS = [
  'src',
  'collector/grafana/dashboards',
  'scripts/build.ts',
  'scripts/build',
  'package.json',
  'package-lock.json',
];

/** Folders count too: a deleted file leaves its trace only there. */
function newestMs(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** When the newest source was changed, whole Unix milliseconds: a folder's date keeps no finer part when it is set. */
export function newestInputMs(root: string): number {
  return Math.ceil(Math.max(...INPUTS.map((name) => newestMs(join(root, name)))));
}

/** Whether `dist/` is missing or older than its sources. A build dates the folder with the sources it began with. */
export function isStale(root: string): boolean {
  const dist = statSync(join(root, 'dist'), { throwIfNoEntry: false });
  return dist === undefined || Math.ceil(dist.mtimeMs) < newestInputMs(root);
}
