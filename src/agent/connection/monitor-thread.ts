import { Worker } from 'node:worker_threads';
import type { AgentMessage, MonitorMessage, MonitorStart } from '../../link/messages.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { ownThread } from '../../sources/threads/own-thread.ts';
import { backoffMs } from '../../time/backoff.ts';

const BACKOFF = { firstMs: 1000, maxMs: 300_000 };
/** A monitor that ran this long started well: its next end counts as the first. */
const GOOD_RUN_MS = 60_000;
/** Deaths in a row are logged up to here, then only each tenth. */
const LOGGED_DEATHS = 5;

export interface MonitorThreadOptions {
  /** The bundled monitor. */
  readonly file: string;
  readonly start: MonitorStart;
  readonly env: NodeJS.ProcessEnv;
  readonly maxMemoryMb: number;
  readonly ownLog: OwnLog;
}

/** Who uses a monitor thread. */
export interface MonitorThreadUser {
  /** A monitor runs and knows nothing of this process yet. Called again after each restart. */
  opened(): void;
  received(message: MonitorMessage): void;
  /** The monitor died; nothing can be posted until the next `opened`. */
  died(): void;
}

/** Whether the permission model forbids our worker: starting one all the same would end the service. */
export function workersForbidden(): boolean {
  const permission = process.permission as { has(scope: string): boolean } | undefined;
  return permission !== undefined && !permission.has('worker');
}

/** The monitor as a worker thread: never holds the process open, and is restarted for ever, with growing pauses. */
export class MonitorThread {
  readonly #options: MonitorThreadOptions;
  readonly #user: MonitorThreadUser;
  #worker: Worker | undefined;
  #deaths = 0;
  #deathsInARow = 0;
  #startedMs = 0;
  #closed = false;

  constructor(options: MonitorThreadOptions, user: MonitorThreadUser) {
    this.#options = options;
    this.#user = user;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  start(): void {
    if (this.#closed || this.#worker) return;
    const { file, maxMemoryMb, ownLog } = this.#options;
    // A monitor before this one may have kept sums of other processes.
    const start = { ...this.#options.start, takeover: this.#options.start.takeover || this.#startedMs > 0 };
    this.#startedMs = performance.now();
    // With NODE_OPTIONS the preload would run again in our worker, in spite of the empty execArgv.
    const { NODE_OPTIONS: _dropped, ...env } = this.#options.env;
    let worker: Worker;
    try {
      worker = ownThread(
        () =>
          new Worker(file, {
            name: 'monitoring',
            workerData: start,
            execArgv: [],
            argv: [],
            env,
            resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
          }),
      );
    } catch (error) {
      this.#ended((error as Error).message);
      return;
    }
    this.#worker = worker;
    let cause = 'it stopped';
    worker.on('message', (message: MonitorMessage) => {
      try {
        if (this.#worker === worker) this.#user.received(message);
      } catch (error) {
        ownLog.error(`handling a message from the monitor failed: ${(error as Error).stack}`);
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
    this.#user.opened();
  }

  /** Drops the message while there is no monitor. */
  post(message: AgentMessage, transfer?: ArrayBuffer[]): void {
    this.#worker?.postMessage(message, transfer);
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
    if (performance.now() - this.#startedMs > GOOD_RUN_MS) this.#deathsInARow = 0;
    this.#deaths += 1;
    this.#deathsInARow += 1;
    const waitMs = backoffMs(this.#deathsInARow, BACKOFF);
    if (this.#deathsInARow <= LOGGED_DEATHS || this.#deathsInARow % 10 === 0) {
      this.#options.ownLog.problem('MON_MONITOR_DIED', {
        where: `death ${this.#deaths}`,
        got: cause,
        next: `restarting it in ${waitMs / 1000} s`,
      });
    }
    this.#user.died();
    setTimeout(() => this.start(), waitMs).unref();
  }
}
