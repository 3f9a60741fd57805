import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** Larger frames do not come from us. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;
const HEADER_BYTES = 4;

/** Writes one message: its length as 32 bits little endian, then the structured clone (V8) of the message. */
export function sendFrame(socket: Socket, message: unknown): void {
  if (socket.destroyed || !socket.writable) return;
  const body = serialize(message);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(body.length);
  socket.cork();
  socket.write(header);
  socket.write(body);
  socket.uncork();
}

/** Calls back with each whole message; a peer that sends anything else is cut off. */
export function receiveFrames(socket: Socket, onMessage: (message: unknown) => void): void {
  let chunks: Buffer[] = [];
  let have = 0;
  let want = HEADER_BYTES;
  let inBody = false;

  function take(): Buffer {
    const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const taken = whole.subarray(0, want);
    const rest = whole.subarray(want);
    chunks = rest.length > 0 ? [rest] : [];
    have = rest.length;
    return taken;
  }

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    have += chunk.length;
    while (have >= want && !socket.destroyed) {
      const taken = take();
      if (inBody) {
        inBody = false;
        want = HEADER_BYTES;
        try {
          onMessage(deserialize(taken));
        } catch {
          socket.destroy();
        }
      } else {
        want = taken.readUInt32LE(0);
        inBody = true;
        if (want > MAX_FRAME_BYTES) socket.destroy();
      }
    }
  });
}
