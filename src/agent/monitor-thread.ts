import { Worker } from 'node:worker_threads';
import type { AgentMessage, MonitorMessage, MonitorStart } from '../link/messages.ts';
import { backoffMs } from '../time/backoff.ts';
import type { OwnLog } from '../own-log/own-log.ts';

const MAX_RESTARTS = 5;
const BACKOFF = { firstMs: 1000, maxMs: 300_000 };
/** A monitor that ran this long had a good start: its next end counts as the first. */
const GOOD_RUN_MS = 60_000;

export interface MonitorThreadOptions {
  /** The bundled monitor. */
  readonly file: string;
  readonly start: MonitorStart;
  readonly env: NodeJS.ProcessEnv;
  readonly maxMemoryMb: number;
  readonly ownLog: OwnLog;
  /** A monitor is there and knows nothing of this process yet. Called again after each restart. */
  readonly onOpen: (post: (message: AgentMessage, transfer?: ArrayBuffer[]) => void) => void;
  readonly onMessage: (message: MonitorMessage) => void;
}

/** The monitor as a worker thread: never holds the process open, restarted with backoff, given up after a few tries. */
export class MonitorThread {
  readonly #options: MonitorThreadOptions;
  #worker: Worker | undefined;
  #restarts = 0;
  #startedMs = 0;
  #closed = false;

  constructor(options: MonitorThreadOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  start(): void {
    if (this.#closed || this.#worker) return;
    const { file, maxMemoryMb } = this.#options;
    // A monitor before this one may have kept sums of other processes.
    const start = { ...this.#options.start, takeover: this.#options.start.takeover || this.#startedMs > 0 };
    this.#startedMs = performance.now();
    // With NODE_OPTIONS the preload would run again in our worker, in spite of the empty execArgv.
    const { NODE_OPTIONS: _dropped, ...env } = this.#options.env;
    let worker: Worker;
    try {
      worker = new Worker(file, {
        name: 'monitoring',
        workerData: start,
        execArgv: [],
        argv: [],
        env,
        resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
      });
    } catch (error) {
      this.#ended((error as Error).message);
      return;
    }
    this.#worker = worker;
    let cause = 'it stopped';
    worker.on('message', (message: MonitorMessage) => {
      try {
        this.#options.onMessage(message);
      } catch (error) {
        this.#options.ownLog.error(`a message of the monitor failed: ${(error as Error).stack}`);
      }
    });
    // Without this listener an out-of-memory of the worker would end the service.
    worker.on('error', (error) => {
      cause = (error as Error).message;
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#ended(cause);
    });
    // Attach first, unref last: a listener attached after `unref` holds the process for ever.
    worker.unref();
    this.#options.onOpen((message, transfer) => {
      if (this.#worker === worker) worker.postMessage(message, transfer);
    });
  }

  /** Ends the monitor for good. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #ended(cause: string): void {
    if (this.#closed) return;
    if (performance.now() - this.#startedMs > GOOD_RUN_MS) this.#restarts = 0;
    if (this.#restarts >= MAX_RESTARTS) {
      this.#options.ownLog.problem('MON_MONITOR_DIED', {
        where: 'for good',
        got: cause,
        next: `it is not started again after ${MAX_RESTARTS} restarts; daily files go on`,
      });
      return;
    }
    this.#restarts += 1;
    const waitMs = backoffMs(this.#restarts, BACKOFF);
    this.#options.ownLog.problem('MON_MONITOR_DIED', {
      where: 'once',
      got: cause,
      next: `starting it again in ${waitMs / 1000} s`,
    });
    setTimeout(() => this.start(), waitMs).unref();
  }
}
