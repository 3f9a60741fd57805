import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  lastMs: number;
  /** Requests that are not answered yet. */
  open: number;
}

/** The one that has been idle longest; those that wait for an answer come only where all do. */
function longestIdle(connections: ReadonlyMap<Socket, Connection>): Socket | undefined {
  let longest: readonly [Socket, Connection] | undefined;
  for (const entry of connections) {
    const [, { open, lastMs }] = entry;
    const isBusy = open > 0;
    const wasBusy = longest === undefined || longest[1].open > 0;
    const isOlder = longest === undefined || lastMs < longest[1].lastMs;
    if (isBusy === wasBusy ? isOlder : wasBusy) longest = entry;
  }
  return longest?.[0];
}

/**
 * Bounds the connections of a server: each is a file descriptor, and those are the service's. A new one beyond `max`
 * displaces the one that has been idle longest, so that silent connections cannot keep others out. A connection that
 * sends a request before the answer to the last one is closed.
 */
export function limitConnections(server: Server, max: number, now: () => number): void {
  const connections = new Map<Socket, Connection>();
  server.on('connection', (socket) => {
    const displaced = connections.size >= max ? longestIdle(connections) : undefined;
    if (displaced) {
      connections.delete(displaced);
      displaced.destroy();
    }
    connections.set(socket, { lastMs: now(), open: 0 });
    socket.on('close', () => connections.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const connection = connections.get(socket);
    if (!connection) return;
    connection.open += 1;
    // A few bytes each, and every one of them would have its page in memory.
    if (connection.open > 1) socket.destroy();
    response.on('close', () => {
      connection.open -= 1;
      connection.lastMs = now();
    });
  });
}
