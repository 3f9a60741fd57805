import { createServer } from 'node:net';

/** The right to start a monitor thread, held by one process of the service at a time. */
export interface StartTurn {
  release(): void;
}

/** A thread that has not found its role by then keeps nobody else from starting one. */
const LONGEST_TURN_MS = 5000;

/**
 * Takes the turn; undefined while another process has it. Processes that start, or lose their leader, at the same
 * time would otherwise all start a thread, of which one can lead. `name`: an abstract socket, free when its holder dies.
 */
export function takeTurn(name: string): Promise<StartTurn | undefined> {
  return new Promise((settle) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => settle(undefined));
    // `exclusive`: in a cluster worker the primary would hold the socket for all of them.
    server.listen({ path: name, exclusive: true }, () => {
      const release = (): void => {
        clearTimeout(timer);
        server.close();
      };
      const timer = setTimeout(release, LONGEST_TURN_MS);
      timer.unref();
      settle({ release });
    });
    server.unref();
  });
}
