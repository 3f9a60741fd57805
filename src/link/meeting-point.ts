import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Settings } from '../config/read-settings.ts';
import { PROTOCOL } from './frames.ts';
import { runtimeFolder } from './runtime-folder.ts';

/** Where the processes of one service find each other on a machine. */
export interface MeetingPoint {
  /** Address of the socket that carries the messages: a path in a folder of this user, or a pipe on Windows. */
  readonly socketPath: string;
  /**
   * Address that only one process can hold and that is free the moment it dies: its holder leads, and only the leader
   * may replace a socket file that a dead leader left. An abstract socket (Linux) or the pipe itself (Windows);
   * undefined where there is neither.
   */
  readonly lockPath: string | undefined;
  /** Folders that could not be used because they are another user's, or open to others. */
  readonly foreignFolders?: readonly string[];
}

/** Linux allows 108 bytes with the ending NUL, macOS 104. */
const MAX_PATH_BYTES = 100;

/**
 * The meeting point of a service: processes of the same user with the same service name, address and log folder, and
 * with the same version of the messages. Undefined where there is no private folder for a socket; each process then
 * has a monitor of its own.
 */
export function meetingPointOf(
  settings: Settings,
  serviceName: string,
  cwd: string,
): MeetingPoint | undefined {
  const uid = process.getuid?.() ?? 0;
  const identity = [
    PROTOCOL,
    uid,
    serviceName,
    settings.metricsHost,
    settings.metricsPort,
    resolve(cwd, settings.logDir),
  ];
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 24);
  if (process.platform === 'win32') {
    const pipe = `\\\\.\\pipe\\geometra-monitoring-${hash}`;
    return { socketPath: pipe, lockPath: pipe };
  }
  const { folder, foreign } = runtimeFolder(
    settings.runtimeDir,
    uid,
    (path) => Buffer.byteLength(path) + hash.length + 6 <= MAX_PATH_BYTES,
  );
  if (folder === undefined) return undefined;
  const lockPath = process.platform === 'linux' ? `\0geometra-monitoring-${uid}-${hash}` : undefined;
  return { socketPath: `${folder}/${hash}.sock`, lockPath, foreignFolders: foreign };
}

/** The folder of a socket that is a file. */
export function folderOf({ socketPath }: MeetingPoint): string | undefined {
  return process.platform === 'win32' ? undefined : dirname(socketPath);
}
