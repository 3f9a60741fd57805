import { closeQuietly, type Disk, FILE_MODE, openFile, realDisk, unlinkQuietly } from './disk.ts';
import { writeAll } from './write-all.ts';

export interface WholeOptions {
  readonly mode?: number;
  /** Whether the content has to survive a power cut: waiting for the disk can take 50 ms. */
  readonly sync?: boolean;
  readonly disk?: Disk;
}

/**
 * Replaces a file as a whole: a reader, also after a crash or a power cut, finds the old content or the new one, never
 * a part (rename(2) is atomic within a folder). Throws the system's error; what was there stays then.
 */
export function writeWhole(
  path: string,
  data: string | Buffer,
  { mode = FILE_MODE, sync = true, disk = realDisk }: WholeOptions = {},
): void {
  const temporary = `${path}.tmp`;
  try {
    const fd = openFile(disk, temporary, 'replace', mode);
    try {
      const written = writeAll(disk, fd, data);
      if (typeof written !== 'number') throw written.error;
      if (sync) disk.sync(fd);
    } finally {
      closeQuietly(disk, fd);
    }
    disk.rename(temporary, path);
  } catch (error) {
    unlinkQuietly(disk, temporary);
    throw error;
  }
}
