import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { writeAll } from './write-all.ts';

/**
 * Replaces a file as a whole: a reader, also after a crash or a power cut, finds the old content or the new one, never
 * a part (rename(2) is atomic within a folder). Throws the system's error; what was there stays then.
 */
export function writeWhole(path: string, data: string | Buffer, mode = 0o640): void {
  const temporary = `${path}.tmp`;
  try {
    const fd = openSync(temporary, 'w', mode);
    try {
      const written = writeAll(fd, data);
      if (typeof written !== 'number') throw written.error;
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
