// Hot path: once a record.
import { closeQuietly, type Disk, openFile } from './disk.ts';

/** What a write that failed has left to write, and why. */
export interface WriteFailure {
  readonly error: NodeJS.ErrnoException;
  readonly rest: Buffer;
}

function writeBytes(disk: Disk, fd: number, bytes: Buffer): number | WriteFailure {
  let rest = bytes;
  try {
    while (rest.length > 0) {
      const written = disk.write(fd, rest);
      if (written === 0) throw new Error('nothing was written');
      rest = rest.subarray(written);
    }
    return bytes.length;
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, rest };
  }
}

/**
 * Writes everything to a descriptor opened for appending and returns the number of bytes. A write can be short
 * (298 of 1,001 bytes on a full disk) without an error: the rest is written until it is done or fails. Never throws.
 */
export function writeAll(disk: Disk, fd: number, data: string | Buffer): number | WriteFailure {
  if (typeof data !== 'string') return writeBytes(disk, fd, data);
  let written: number;
  try {
    written = disk.write(fd, data);
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, rest: Buffer.from(data) };
  }
  if (written === Buffer.byteLength(data)) return written;
  const result = writeBytes(disk, fd, Buffer.from(data).subarray(written));
  return typeof result === 'number' ? result + written : result;
}

/**
 * Appends to a file by its path, all or nothing: what a failed write left is cut off again, where that is possible.
 * Throws the system's error.
 */
export function appendWhole(disk: Disk, path: string, data: string | Buffer): void {
  const fd = openFile(disk, path, 'append');
  try {
    const { size } = disk.fstat(fd);
    const written = writeAll(disk, fd, data);
    if (typeof written === 'number') return;
    disk.truncate(fd, size);
    throw written.error;
  } finally {
    closeQuietly(disk, fd);
  }
}
