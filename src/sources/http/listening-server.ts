/** Published by Node when a server of any kind has begun to listen. */
export const LISTENING = 'tracing:net.server.listen:asyncEnd';

/** Status of a request whose client went away before there was an answer; the number is nginx's. */
export const CLIENT_GONE = 499;

/** The server of such a message. */
export function listeningServer(message: unknown): object | undefined {
  const { server } = message as { server?: unknown };
  return typeof server === 'object' && server !== null ? server : undefined;
}
