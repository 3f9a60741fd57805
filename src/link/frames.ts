import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/**
 * Version of messages and frames. The address where processes meet carries it as well (`meeting-point.ts`), so that
 * processes with another one, during a deploy, elect a leader of their own.
 */
export const PROTOCOL = 1;

/** What each side sends first: `gmon` and the version. */
const GREETING: Buffer = Buffer.from([0x67, 0x6d, 0x6f, 0x6e, PROTOCOL, 0, 0, 0]);
const LENGTH_BYTES = 4;
/** Larger frames do not come from us: 100,000 histogram series are 20 MB. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** Frames that have not come whole, of all links of this process. */
const MAX_WAITING_BYTES = 96 * 1024 * 1024;
/** A frame that has begun has to be whole after this time. */
const FRAME_MS = 10_000;
/** A peer that reads nothing is left when so much waits for it. */
const MAX_UNSENT_BYTES = 96 * 1024 * 1024;

const greeted = new WeakSet<Socket>();

/** Writes one message: its length as 32 bits little endian, then the structured clone (V8) of the message. */
export function sendFrame(socket: Socket, message: unknown): void {
  if (socket.destroyed || !socket.writable) return;
  if (socket.writableLength > MAX_UNSENT_BYTES) {
    socket.destroy();
    return;
  }
  const body = serialize(message);
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32LE(body.length);
  socket.cork();
  if (!greeted.has(socket)) {
    greeted.add(socket);
    socket.write(GREETING);
  }
  socket.write(length);
  socket.write(body);
  socket.uncork();
}

interface Waiting {
  bytes: number;
  readonly end: (reason: Error) => void;
}

/** Bytes of unfinished frames of all links; the link that holds most ends when there are too many. */
class WaitingBytes {
  readonly #links = new Map<Socket, Waiting>();
  #total = 0;

  set(socket: Socket, bytes: number, end: (reason: Error) => void): void {
    const link = this.#links.get(socket) ?? { bytes: 0, end };
    this.#total += bytes - link.bytes;
    link.bytes = bytes;
    if (bytes === 0) this.#links.delete(socket);
    else this.#links.set(socket, link);
    if (this.#total <= MAX_WAITING_BYTES) return;
    const [most] = [...this.#links.values()].toSorted((a, b) => b.bytes - a.bytes);
    most?.end(new FrameError('too many bytes of unfinished frames'));
  }
}

const waiting = new WaitingBytes();

/** What a peer sent is not what peers of ours send. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * Calls back with each whole message. A peer that sends anything else, or whose message is refused by a throw, is
 * disconnected; `onInvalid` then has the reason.
 */
export function receiveFrames(
  socket: Socket,
  onMessage: (message: unknown) => void,
  onInvalid: (reason: Error) => void = () => {},
): void {
  let chunks: Buffer[] = [];
  let have = 0;
  let want = GREETING.length;
  let state: 'greeting' | 'length' | 'body' = 'greeting';
  let deadline: NodeJS.Timeout | undefined;

  function end(reason: Error): void {
    if (socket.destroyed) return;
    onInvalid(reason);
    socket.destroy();
    chunks = [];
    waiting.set(socket, 0, end);
  }

  function take(): Buffer {
    const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const taken = whole.subarray(0, want);
    const rest = whole.subarray(want);
    chunks = rest.length > 0 ? [rest] : [];
    have = rest.length;
    return taken;
  }

  /** Throws where the peer is none of ours. */
  function step(taken: Buffer): void {
    switch (state) {
      case 'greeting':
        if (!taken.equals(GREETING))
          throw new FrameError('another version of the package, or another program');
        state = 'length';
        want = LENGTH_BYTES;
        break;
      case 'length':
        want = taken.readUInt32LE(0);
        if (want > MAX_FRAME_BYTES) throw new FrameError(`a frame of ${want} bytes`);
        state = 'body';
        break;
      case 'body':
        state = 'length';
        want = LENGTH_BYTES;
        onMessage(deserialize(taken));
        break;
    }
  }

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    have += chunk.length;
    try {
      while (have >= want && !socket.destroyed) step(take());
    } catch (error) {
      end(error as Error);
    }
    if (socket.destroyed) return;
    waiting.set(socket, have, end);
    if (have === 0 && state === 'length') {
      clearTimeout(deadline);
      deadline = undefined;
    } else {
      deadline ??= setTimeout(
        () => end(new FrameError(`a frame that is not whole after ${FRAME_MS} ms`)),
        FRAME_MS,
      );
      deadline.unref();
    }
  });
  socket.on('close', () => {
    clearTimeout(deadline);
    chunks = [];
    waiting.set(socket, 0, end);
  });
}
