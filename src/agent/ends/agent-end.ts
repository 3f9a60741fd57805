import type { Logging } from '../../logging/logging.ts';
import type { Collection } from '../collection/collection.ts';
import type { MonitorLink } from '../connection/monitor-link.ts';
import type { Traces } from '../opentelemetry/traces.ts';
import type { Drain } from './drain.ts';
import type { EndSteps } from './watch-ends.ts';

export interface AgentEndParts {
  readonly logging: Logging;
  readonly link: MonitorLink;
  readonly collection: Collection;
  readonly drain: Drain;
  readonly traces: Traces | undefined;
}

/** What the agent does before its process ends. */
export class AgentEnd implements EndSteps {
  readonly #parts: AgentEndParts;

  constructor(parts: AgentEndParts) {
    this.#parts = parts;
  }

  flushSync(): void {
    this.#parts.logging.flushSync();
  }

  drainSync(deadlineMs: number): void {
    this.#parts.drain.sync(deadlineMs);
  }

  async drain(deadlineMs: number): Promise<void> {
    await Promise.all([this.#parts.drain.async(deadlineMs), this.#parts.traces?.shutdown()]);
  }

  /** Only another process can use this; our own thread ends with us. */
  ending(code: number): void {
    if (this.#parts.link.isFollower) this.#parts.link.post({ kind: 'bye', code });
  }

  idle(): void {
    void this.#parts.collection.postTotals();
  }
}
