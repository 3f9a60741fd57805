import { BroadcastChannel, threadId } from 'node:worker_threads';
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import { channelOf, HEARD, type RecordedCall, TAKEN, type ThreadMessage } from './thread-messages.ts';

/** What may wait at the receiver, in characters: beyond it messages are dropped and counted. */
const MAX_WAITING = 4_000_000;
/** What a message costs beside its text. */
const MESSAGE_COST = 200;
const CALL_COST = 100;

/** Measurements are sent together; a thread that is terminated loses those of the last moment. */
const BATCH_MS = 100;
const BATCH_CALLS = 250;

/** Longer than a thread is busy that listens. */
const ALONE_MS = 10_000;

/** The sending end of a worker thread. Nothing in here holds the thread open, and nothing throws. */
export class ThreadPort {
  readonly #channel = new BroadcastChannel(channelOf(threadId));
  readonly #taken = new Int32Array(new SharedArrayBuffer(8));
  #sent = 0;
  #dropped = 0;
  #calls: RecordedCall[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The thread is ending: what comes now is sent at once. */
  #ending = false;

  /** `onAlone`: nobody has listened for a while. */
  constructor(onAlone: () => void) {
    this.#channel.unref();
    this.#post({ kind: 'hello', taken: this.#taken });
    setTimeout(() => {
      if (Atomics.load(this.#taken, HEARD) === 0) onAlone();
    }, ALONE_MS).unref();
    process.on('exit', () => {
      this.#ending = true;
      this.#flush();
    });
  }

  /** A message that costs next to nothing. */
  send(message: Extract<ThreadMessage, { kind: 'wake' | 'found' | 'sample-host' }>): void {
    this.#post(message);
  }

  /** Sent at once: a record is safe when its log call has returned, whatever ends the thread. */
  log(record: BridgedRecord, chars: number): void {
    this.#postCosting({ kind: 'log', record, cost: MESSAGE_COST + chars });
  }

  call(call: RecordedCall): void {
    this.#calls.push(call);
    if (this.#ending || this.#calls.length >= BATCH_CALLS) this.#flush();
    else if (!this.#timer) {
      this.#timer = setTimeout(() => this.#flush(), BATCH_MS);
      this.#timer.unref();
    }
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const calls = this.#calls;
    if (calls.length === 0) return;
    this.#calls = [];
    this.#postCosting({ kind: 'metrics', calls, cost: MESSAGE_COST + calls.length * CALL_COST });
  }

  #postCosting(message: Extract<ThreadMessage, { cost: number }>): void {
    // Both counters wrap around alike.
    const waiting = (this.#sent - Atomics.load(this.#taken, TAKEN)) | 0;
    if (waiting > MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) this.#post({ kind: 'dropped', count: this.#dropped });
    this.#dropped = 0;
    if (this.#post(message)) this.#sent = (this.#sent + message.cost) | 0;
  }

  #post(message: ThreadMessage): boolean {
    try {
      this.#channel.postMessage(message);
      return true;
    } catch {
      this.#dropped += 1; // Something in it cannot be cloned.
      return false;
    }
  }
}
