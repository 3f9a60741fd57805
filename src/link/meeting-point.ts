import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '../config/read-settings.ts';

/** Where the processes of one service find each other on a machine. */
export interface MeetingPoint {
  /** Address of the socket that carries the messages: a path, or a pipe on Windows. */
  readonly socketPath: string;
  /**
   * Address that only one process can hold and that is free the moment it dies: whoever holds it leads, and alone
   * may replace a socket file that a dead leader left. An abstract socket (Linux) or the pipe itself (Windows);
   * undefined where there is neither.
   */
  readonly lockPath: string | undefined;
}

/** Linux allows 108 bytes with the ending NUL, macOS 104. */
const MAX_PATH_BYTES = 100;

function privateFolder(uid: number): string | undefined {
  const folder = join(tmpdir(), `geometra-monitoring-${uid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    // Somebody else could have made this folder first, to read our messages or to send us theirs.
    if (!found.isDirectory() || found.uid !== uid) return undefined;
    if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * The meeting point of a service: processes of the same user with the same service name, address and log folder
 * meet. Undefined where there is no private place for a socket; each process then has a monitor of its own.
 */
export function meetingPointOf(
  settings: Settings,
  serviceName: string,
  cwd: string,
): MeetingPoint | undefined {
  const uid = process.getuid?.() ?? 0;
  const identity = [
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
  const folder = privateFolder(uid);
  const socketPath = folder === undefined ? undefined : join(folder, `${hash}.sock`);
  if (socketPath === undefined || Buffer.byteLength(socketPath) > MAX_PATH_BYTES) return undefined;
  const lockPath = process.platform === 'linux' ? `\0geometra-monitoring-${uid}-${hash}` : undefined;
  return { socketPath, lockPath };
}
