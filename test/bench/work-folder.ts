import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: string | undefined;
let count = 0;

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** An empty folder for the files of the next measurement; that of the one before is removed, and all at the end. */
export function freshFolder(): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'geometra-bench-'));
    process.once('exit', () => remove(made));
    root = made;
  } else {
    remove(join(root, String(count)));
  }
  count += 1;
  const folder = join(root, String(count));
  mkdirSync(folder);
  return folder;
}
