import { closeQuietly, type Disk, openFile } from './disk.ts';

/** The bytes of an open file from a position, `most` of them or to its end. Throws the system's error. */
export function readOpen(disk: Disk, fd: number, from: number, most = Number.POSITIVE_INFINITY): Buffer {
  const length = Math.max(0, Math.min(most, disk.fstat(fd).size - from));
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const got = disk.read(fd, buffer, filled, length - filled, from + filled);
    if (got === 0) break;
    filled += got;
  }
  return buffer.subarray(0, filled);
}

/** The same of a regular file by its path. */
export function readFrom(disk: Disk, path: string, from: number, most?: number): Buffer {
  const fd = openFile(disk, path, 'read');
  try {
    return readOpen(disk, fd, from, most);
  } finally {
    closeQuietly(disk, fd);
  }
}
