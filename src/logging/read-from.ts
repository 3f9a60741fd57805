import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The bytes of a file from a position to its end, as one character each. Throws the system's error. */
export function readFrom(path: string, from: number): string {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(fd).size - from));
    let filled = 0;
    while (filled < buffer.length) {
      const got = readSync(fd, buffer, filled, buffer.length - filled, from + filled);
      if (got === 0) break;
      filled += got;
    }
    return buffer.toString('latin1', 0, filled);
  } finally {
    closeSync(fd);
  }
}
