import { dirname, sep } from 'node:path';
import { type Disk, FOLDER_MODE } from './disk.ts';

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/**
 * Makes a folder and those above it. Each is tried once: Node's own recursive form never returns below `/proc`, where
 * a parent that is there denies it. Throws the system's error.
 */
export function makeFolder(disk: Disk, path: string, mode = FOLDER_MODE): void {
  try {
    disk.makeFolder(path, mode);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' || code === 'EISDIR') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(disk, dirname(path), mode);
    makeLast(disk, path, mode);
  }
}

function makeLast(disk: Disk, path: string, mode: number): void {
  try {
    disk.makeFolder(path, mode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // Another process was quicker.
  }
}

/**
 * Makes the folder `path` within `root`. The root may be a link that somebody set up; below it a link would lead to
 * where nothing of ours belongs, and is refused.
 */
export function makeFolderWithin(disk: Disk, root: string, path: string): void {
  makeFolder(disk, path);
  if (!path.startsWith(root + sep)) return;
  for (let folder = path; folder.length > root.length; folder = dirname(folder)) {
    if (disk.stat(folder)?.isSymbolicLink()) {
      throw Object.assign(new Error(`it is a symbolic link: ${folder}`), { code: 'ELOOP', path: folder });
    }
  }
}
