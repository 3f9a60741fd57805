import { connect } from 'node:net';

/** Whether something accepts connections at an http(s) address, within `timeoutMs`. Never rejects, holds no process open. */
export function canConnect(url: string, timeoutMs: number): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  return new Promise((settle) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      timeout: timeoutMs,
    });
    socket.unref();
    const finish = (answer: boolean): void => {
      socket.destroy();
      settle(answer);
    };
    socket.on('connect', () => finish(true));
    socket.on('timeout', () => finish(false));
    socket.on('error', () => finish(false));
  });
}
