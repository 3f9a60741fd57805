import type { Socket } from 'node:net';

/**
 * Connections of other processes. While the monitor is being built nothing is read from them; the system keeps what
 * they send. `close` ends all of them.
 */
export class ConnectionQueue {
  readonly #open = new Set<Socket>();
  #serve: ((socket: Socket) => void) | undefined;

  /** A process has connected. */
  readonly accept = (socket: Socket): void => {
    this.#open.add(socket);
    socket.on('error', () => {
      // The close that follows ends the link.
    });
    socket.on('close', () => this.#open.delete(socket));
    socket.unref();
    this.#serve?.(socket);
  };

  /** Serves those that wait and all that come. */
  serve(serve: (socket: Socket) => void): void {
    this.#serve = serve;
    for (const socket of this.#open) serve(socket);
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
