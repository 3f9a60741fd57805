import { type Disk, realDisk } from '../../src/files/disk.ts';

export type DiskCall = keyof Disk;
export type Fault = 'ENOSPC' | 'EACCES' | 'EMFILE' | 'EIO' | 'EROFS' | 'short';

export interface SeenCall {
  readonly call: DiskCall;
  readonly path: string;
}

export interface FaultyDisk extends Disk {
  /** Every call so far. */
  readonly calls: readonly SeenCall[];
  /** What happens to a call; undefined lets it through. `index` counts all calls from 0. */
  fault: (seen: SeenCall, index: number) => Fault | undefined;
}

function failure(code: string, { call, path }: SeenCall): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made to fail, ${call} '${path}'`), { code, syscall: call, path });
}

/** Half of the data, at least a byte of it. */
function half(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  return bytes.subarray(0, Math.max(1, bytes.length >> 1));
}

/** A real disk, of which a test lets any call fail; a write can be short instead. Nothing fails until `fault` is set. */
export function faultyDisk(inner: Disk = realDisk): FaultyDisk {
  const calls: SeenCall[] = [];
  const paths = new Map<number, string>();

  function enter(call: DiskCall, path: string): Fault | undefined {
    const seen = { call, path };
    const found = disk.fault(seen, calls.length);
    calls.push(seen);
    if (found !== undefined && (found !== 'short' || call !== 'write')) {
      if (found === 'short') return undefined;
      throw failure(found, seen);
    }
    return found;
  }
  const pathOf = (fd: number): string => paths.get(fd) ?? `descriptor ${fd}`;

  const disk: FaultyDisk = {
    calls,
    fault: () => undefined,
    open(path, flags, mode) {
      enter('open', path);
      const fd = inner.open(path, flags, mode);
      paths.set(fd, path);
      return fd;
    },
    close(fd) {
      // Linux has closed a descriptor also when it answers with an error.
      try {
        enter('close', pathOf(fd));
      } finally {
        inner.close(fd);
        paths.delete(fd);
      }
    },
    read(fd, ...rest) {
      enter('read', pathOf(fd));
      return inner.read(fd, ...rest);
    },
    write(fd, data) {
      const found = enter('write', pathOf(fd));
      return inner.write(fd, found === 'short' ? half(data) : data);
    },
    truncate(fd, size) {
      enter('truncate', pathOf(fd));
      inner.truncate(fd, size);
    },
    sync(fd) {
      enter('sync', pathOf(fd));
      inner.sync(fd);
    },
    fstat(fd) {
      enter('fstat', pathOf(fd));
      return inner.fstat(fd);
    },
    stat(path) {
      enter('stat', path);
      return inner.stat(path);
    },
    list(path) {
      enter('list', path);
      return inner.list(path);
    },
    makeFolder(path, mode) {
      enter('makeFolder', path);
      inner.makeFolder(path, mode);
    },
    rename(from, to) {
      enter('rename', from);
      inner.rename(from, to);
    },
    unlink(path) {
      enter('unlink', path);
      inner.unlink(path);
    },
    touch(path, atMs) {
      enter('touch', path);
      inner.touch(path, atMs);
    },
  };
  return disk;
}
