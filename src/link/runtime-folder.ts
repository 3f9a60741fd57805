import { chmodSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../files/disk.ts';
import { makeFolder } from '../files/make-folder.ts';

const NAME = 'geometra-monitoring';
/** So many names are tried where other users have made those before. */
const MAX_NAMES = 10;

/** Whether the folder is this user's alone; it is made if need be. Another user may have made it first to read our messages. */
export function isPrivate(folder: string, uid: number): boolean {
  try {
    makeFolder(realDisk, folder, 0o700);
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== uid) return false;
    if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}

/** The runtime folder of this user (XDG Base Directory), if it is there and nobody else may write to it. */
function systemFolder(folder: string | undefined, uid: number): string | undefined {
  if (!folder?.startsWith('/')) return undefined;
  try {
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

export interface RuntimeFolder {
  /** Undefined where there is none. */
  readonly folder: string | undefined;
  /** Those that another user has taken. */
  readonly foreign: readonly string[];
}

/**
 * The folder of this user for sockets: below `given` (XDG_RUNTIME_DIR), else in the temporary folder, under the first of some
 * names that no other user has taken. All processes of the user come to the same one. `fits`: whether the path can be
 * used.
 */
export function runtimeFolder(
  given: string | undefined,
  uid: number,
  fits: (folder: string) => boolean,
): RuntimeFolder {
  const system = systemFolder(given, uid);
  const name = `${NAME}-${uid}`;
  const candidates = [
    ...(system === undefined ? [] : [join(system, NAME)]),
    join(tmpdir(), name),
    ...Array.from({ length: MAX_NAMES - 1 }, (_, at) => join(tmpdir(), `${name}-${at + 1}`)),
  ].filter(fits);
  const at = candidates.findIndex((folder) => isPrivate(folder, uid));
  return { folder: candidates[at], foreign: candidates.slice(0, at < 0 ? candidates.length : at) };
}
