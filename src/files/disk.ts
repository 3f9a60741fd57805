import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  type Stats,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';

/**
 * The file system as logging and spool use it, so that a test can let any one call fail. All throw the system's error,
 * but `stat`, which is undefined where nothing is.
 */
export interface Disk {
  readonly open: (path: string, flags: number, mode: number) => number;
  readonly close: (fd: number) => void;
  readonly read: (fd: number, buffer: Buffer, offset: number, length: number, position: number) => number;
  /** Can be short without an error. */
  readonly write: (fd: number, data: string | Buffer) => number;
  readonly truncate: (fd: number, size: number) => void;
  readonly sync: (fd: number) => void;
  readonly fstat: (fd: number) => Stats;
  /** Of a link, not of what it points to. */
  readonly stat: (path: string) => Stats | undefined;
  readonly list: (path: string) => string[];
  /** One folder; its parent has to be there. */
  readonly makeFolder: (path: string, mode: number) => void;
  readonly rename: (from: string, to: string) => void;
  readonly unlink: (path: string) => void;
  readonly touch: (path: string, atMs: number) => void;
}

export const realDisk: Disk = {
  open: openSync,
  close: closeSync,
  read: readSync,
  write: (fd, data) => (typeof data === 'string' ? writeSync(fd, data) : writeSync(fd, data)),
  truncate: ftruncateSync,
  sync: fsyncSync,
  fstat: (fd) => fstatSync(fd),
  stat: (path) => lstatSync(path, { throwIfNoEntry: false }),
  list: (path) => readdirSync(path),
  makeFolder(path, mode) {
    mkdirSync(path, { mode });
  },
  rename: renameSync,
  unlink: unlinkSync,
  touch: (path, atMs) => utimesSync(path, atMs / 1000, atMs / 1000),
};

/** For our folders and files: the owner writes, its group reads. */
export const FOLDER_MODE = 0o750;
export const FILE_MODE = 0o640;

/**
 * Links are not followed, and neither a pipe without a reader nor a device makes the call wait (POSIX open); Windows has
 * none of these flags.
 */
const CAREFUL =
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0) |
  ((constants.O_NOCTTY as number | undefined) ?? 0);

export const openFlags = {
  read: constants.O_RDONLY | CAREFUL,
  append: constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | CAREFUL,
  /** A new file that is appended to and can be read back. */
  create: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | CAREFUL,
  replace: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | CAREFUL,
} as const;

function refusal(path: string, what: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`it is ${what}, not a regular file: ${path}`), { code: 'ENOTREG', path });
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** Descriptors of regular files only. Throws for anything else, at once. */
export function openFile(disk: Disk, path: string, how: keyof typeof openFlags, mode = FILE_MODE): number {
  let fd: number;
  try {
    fd = disk.open(path, openFlags[how], mode);
  } catch (error) {
    // ELOOP, ENXIO, EISDIR: the system's texts name neither the link nor the pipe.
    const stats = statQuietly(disk, path);
    throw stats === undefined || stats.isFile() ? error : refusal(path, kindOf(stats));
  }
  try {
    const stats = disk.fstat(fd);
    if (stats.isFile()) return fd;
    throw refusal(path, kindOf(stats));
  } catch (error) {
    closeQuietly(disk, fd);
    throw error;
  }
}

function statQuietly(disk: Disk, path: string): Stats | undefined {
  try {
    return disk.stat(path);
  } catch {
    return undefined;
  }
}

/** A descriptor that cannot be closed was closed by somebody else. */
export function closeQuietly(disk: Disk, fd: number): void {
  try {
    disk.close(fd);
  } catch {
    // Nothing is left to release.
  }
}

/** Deletes a file if it is there and may be deleted. */
export function unlinkQuietly(disk: Disk, path: string): boolean {
  try {
    disk.unlink(path);
    return true;
  } catch {
    return false;
  }
}
