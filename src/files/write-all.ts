// Hot path: once a record.
import { writeSync } from 'node:fs';

/** What a write that failed has left to write, and why. */
export interface WriteFailure {
  readonly error: NodeJS.ErrnoException;
  readonly rest: Buffer;
}

function writeBytes(fd: number, bytes: Buffer): number | WriteFailure {
  let rest = bytes;
  try {
    while (rest.length > 0) {
      const written = writeSync(fd, rest);
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
export function writeAll(fd: number, data: string | Buffer): number | WriteFailure {
  if (typeof data !== 'string') return writeBytes(fd, data);
  let written: number;
  try {
    written = writeSync(fd, data);
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, rest: Buffer.from(data) };
  }
  if (written === Buffer.byteLength(data)) return written;
  const result = writeBytes(fd, Buffer.from(data).subarray(written));
  return typeof result === 'number' ? result + written : result;
}
