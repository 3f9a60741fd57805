import type { MonitorMessage } from '../link/messages.ts';
import type { Logging } from '../logging/logging.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import type { Collection } from './collection/collection.ts';
import type { LinkReceiver } from './connection/monitor-link.ts';
import { logKilled } from './ends/crash-record.ts';
import type { Drain } from './ends/drain.ts';

/** Takes the messages of the monitor and hands each to the part that it is for. */
export class Inbox implements LinkReceiver {
  readonly #collection: Collection;
  readonly #drain: Drain;
  readonly #logging: Logging;
  readonly #ownLog: OwnLog;

  constructor(collection: Collection, drain: Drain, logging: Logging, ownLog: OwnLog) {
    this.#collection = collection;
    this.#drain = drain;
    this.#logging = logging;
    this.#ownLog = ownLog;
  }

  opened(): void {
    this.#collection.restart();
  }

  lost(): void {
    this.#drain.monitorLost();
  }

  received(message: MonitorMessage): void {
    switch (message.kind) {
      case 'collect':
        this.#collection
          .answer(message.request)
          .catch((error: unknown) => this.#ownLog.error(`collecting metrics failed: ${String(error)}`));
        break;
      case 'drained':
        this.#drain.drained(message.request);
        break;
      case 'collector':
        this.#drain.collector(message.reachable);
        break;
      case 'process-killed':
        logKilled(this.#logging, message.pid, message.atMs);
        break;
      case 'leading':
      case 'ready':
      case 'reloaded':
      case 'silenced':
      case 'not-leader':
        break;
    }
  }
}
