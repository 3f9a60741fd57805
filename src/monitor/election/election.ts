import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { MeetingPoint } from '../../link/meeting-point.ts';

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

/**
 * Elects a leader. Exactly one of those that ask at the same time wins: the lock is a socket name that the system
 * gives to one process and frees at its death. Rejects when the meeting point cannot be used at all.
 */
export async function elect(point: MeetingPoint, onSocket: (socket: Socket) => void): Promise<Election> {
  const { lockPath, socketPath } = point;
  if (lockPath === undefined) return electByFile(socketPath, onSocket);
  const oneAddress = lockPath === socketPath;
  const lock = await listen(lockPath, oneAddress ? onSocket : (socket) => socket.destroy());
  if (taken(lock)) {
    if (lock.code === 'EADDRINUSE') return { kind: 'follower' };
    throw lock;
  }
  if (oneAddress) return { kind: 'leader', server: lock, release: () => lock.close() };
  // Only the holder of the lock comes here, so what lies at the path is a dead leader's.
  rmSync(socketPath, { force: true });
  const server = await listen(socketPath, onSocket);
  if (taken(server)) {
    lock.close();
    throw server;
  }
  const release = (): void => {
    server.close();
    lock.close();
  };
  return { kind: 'leader', server, release };
}
