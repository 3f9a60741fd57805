import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { isPrivate } from '../../link/runtime-folder.ts';
import { folderOf, type MeetingPoint } from '../../link/meeting-point.ts';

/** The result of an election. The leader holds the socket where the others connect. */
export type Election =
  | { readonly kind: 'leader'; readonly server: Server; readonly release: () => void }
  | { readonly kind: 'follower' };

const TRIES = 5;

function listen(path: string, onSocket: (socket: Socket) => void): Promise<Server | NodeJS.ErrnoException> {
  return new Promise((settle) => {
    const server = createServer(onSocket);
    server.once('error', settle);
    // `exclusive`: in a cluster worker the primary would hold the socket, and all of them would seem to lead.
    server.listen({ path, exclusive: true }, () => {
      server.removeListener('error', settle);
      settle(server);
    });
    server.unref();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(path, () => {
      socket.destroy();
      settle(true);
    });
    socket.on('error', () => settle(false));
  });
}

const taken = (result: Server | NodeJS.ErrnoException): result is NodeJS.ErrnoException =>
  result instanceof Error;

/** Without a lock (macOS): a socket file that nobody answers at is replaced; of two at once one wins by trying again. */
async function electByFile(path: string, onSocket: (socket: Socket) => void): Promise<Election> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const server = await listen(path, onSocket);
    if (!taken(server)) return { kind: 'leader', server, release: () => server.close() };
    if (server.code !== 'EADDRINUSE') throw server;
    if (await answers(path)) return { kind: 'follower' };
    rmSync(path, { force: true });
  }
  return { kind: 'follower' };
}

const LOCK_NAMES = 8;
/** The holder of a lock has its socket at once; after this time it is taken for a stranger. */
const STRANGER_MS = 300;
const RETRY_MS = 30;

/** Throws the system's error where it cannot be made, or where it is not this user's alone. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!isPrivate(folder, process.getuid?.() ?? 0)) throw new Error(`${folder} is open to other users`);
}

async function answersWithin(path: string, waitMs: number): Promise<boolean> {
  for (const endMs = performance.now() + waitMs; ;) {
    if (await answers(path)) return true;
    if (performance.now() >= endMs) return false;
    await new Promise((wake) => setTimeout(wake, RETRY_MS));
  }
}

/** The holder of a lock becomes the leader, unless the holder of another name of it was faster. */
async function leadWith(
  lock: Server,
  point: MeetingPoint,
  onSocket: (socket: Socket) => void,
): Promise<Election> {
  const { socketPath } = point;
  try {
    if (await answers(socketPath)) {
      lock.close();
      return { kind: 'follower' };
    }
    const folder = folderOf(point);
    // The last process of the user may have removed it meanwhile.
    if (folder !== undefined) makeFolder(folder);
    // Nobody answers, so what lies at the path is a dead leader's.
    rmSync(socketPath, { force: true });
    const server = await listen(socketPath, onSocket);
    if (taken(server)) throw server;
    const release = (): void => {
      server.close();
      lock.close();
    };
    return { kind: 'leader', server, release };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * Elects a leader. Exactly one of those that ask at the same time wins: the lock is a socket name that the system
 * gives to one process and frees at its death. Abstract names are open to all users of the machine: where a stranger
 * holds one, because nobody answers at the socket in our own folder, the next name is the lock, and `onStranger` is
 * called. Rejects when the meeting point cannot be used at all.
 */
export async function elect(
  point: MeetingPoint,
  onSocket: (socket: Socket) => void,
  onStranger: (lockPath: string) => void = () => {},
): Promise<Election> {
  const { lockPath, socketPath } = point;
  if (lockPath === undefined) return electByFile(socketPath, onSocket);
  if (lockPath === socketPath) {
    const pipe = await listen(lockPath, onSocket);
    if (!taken(pipe)) return { kind: 'leader', server: pipe, release: () => pipe.close() };
    if (pipe.code === 'EADDRINUSE') return { kind: 'follower' };
    throw pipe;
  }
  for (let at = 0; at < LOCK_NAMES; at += 1) {
    const name = at === 0 ? lockPath : `${lockPath}-${at}`;
    const lock = await listen(name, (socket) => socket.destroy());
    if (!taken(lock)) return leadWith(lock, point, onSocket);
    if (lock.code !== 'EADDRINUSE') throw lock;
    if (await answersWithin(socketPath, STRANGER_MS)) return { kind: 'follower' };
    onStranger(name);
  }
  throw new Error('other users hold all names of its lock');
}
