import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The bytes of a file from a position, `most` of them or to its end. Throws the system's error. */
export function readFrom(path: string, from: number, most = Number.POSITIVE_INFINITY): Buffer {
  const fd = openSync(path, 'r');
  try {
    const length = Math.max(0, Math.min(most, fstatSync(fd).size - from));
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const got = readSync(fd, buffer, filled, length - filled, from + filled);
      if (got === 0) break;
      filled += got;
    }
    return buffer.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}
