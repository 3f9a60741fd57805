import { closeQuietly, type Disk, FILE_MODE, openFile, realDisk, unlinkQuietly } from './disk.ts';
import { writeAll } from './write-all.ts';

/**
 * Replaces a file as a whole: a reader, also after a crash or a power cut, finds the old content or the new one, never
 * a part (rename(2) is atomic within a folder). Throws the system's error; what was there stays then.
 */
export function writeWhole(
  path: string,
  data: string | Buffer,
  mode = FILE_MODE,
  disk: Disk = realDisk,
): void {
  const temporary = `${path}.tmp`;
  try {
    const fd = openFile(disk, temporary, 'replace', mode);
    try {
      const written = writeAll(disk, fd, data);
      if (typeof written !== 'number') throw written.error;
      disk.sync(fd);
    } finally {
      closeQuietly(disk, fd);
    }
    disk.rename(temporary, path);
  } catch (error) {
    unlinkQuietly(disk, temporary);
    throw error;
  }
}
