import { writeSync } from 'node:fs';

/** What a write that failed has left to write, and why. */
export interface WriteFailure {
  readonly error: NodeJS.ErrnoException;
  readonly rest: Buffer;
}

function writeRest(fd: number, bytes: Buffer): WriteFailure | undefined {
  let rest = bytes;
  try {
    while (rest.length > 0) {
      const written = writeSync(fd, rest);
      if (written === 0) throw new Error('nothing was written');
      rest = rest.subarray(written);
    }
    return undefined;
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, rest };
  }
}

/**
 * Writes everything to a descriptor opened for appending. A write can be short (298 of 1,001 bytes on a full disk)
 * without an error: the rest is written until it is done or fails. Never throws.
 */
export function writeAll(fd: number, data: string | Buffer): WriteFailure | undefined {
  if (typeof data !== 'string') return writeRest(fd, data);
  let written = 0;
  try {
    written = writeSync(fd, data);
    if (written === Buffer.byteLength(data)) return undefined;
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, rest: Buffer.from(data) };
  }
  return writeRest(fd, Buffer.from(data).subarray(written));
}
