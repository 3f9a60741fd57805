import type { Logging } from '../../logging/logging.ts';
import type { ProcessEnd, ProcessEndKind } from '../../link/process-end.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { Collection } from '../collection/collection.ts';
import type { MonitorLink } from '../connection/monitor-link.ts';
import type { Traces } from '../opentelemetry/traces.ts';
import { logCrash } from './crash-record.ts';
import type { Drain } from './drain.ts';
import type { ExceptionOrigin } from './exceptions.ts';
import type { MarkerFile } from './process-marker.ts';
import type { EndSteps } from './watch-ends.ts';

export interface AgentEndParts {
  readonly logging: Logging;
  readonly link: MonitorLink;
  readonly collection: Collection;
  readonly drain: Drain;
  readonly traces: Traces | undefined;
  readonly marker: MarkerFile;
}

/** The exit code of Node after an error that nobody caught. */
const EXCEPTION_CODE = 1;

/** What the agent does before its process ends. */
export class AgentEnd implements EndSteps {
  readonly #parts: AgentEndParts;
  /** Why the process is about to end, if not by itself. */
  #cause: 'signal' | 'exception' | undefined;

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
    const { drain, traces } = this.#parts;
    const exported = drain.collectorReachable ? traces?.shutdown() : undefined;
    await Promise.all([
      drain.async(deadlineMs),
      // An exporter repeats what fails for longer than that.
      exported && withDeadline(exported, deadlineMs).catch(() => {}),
    ]);
  }

  signalled(code: number): void {
    this.#cause = 'signal';
    this.#announce('signal', code);
  }

  failed(error: unknown, origin: ExceptionOrigin): void {
    this.#cause = 'exception';
    // First of all: the record is what must not be lost.
    logCrash(this.#parts.logging, error, origin);
    this.#announce('exception', EXCEPTION_CODE);
  }

  ending(code: number): void {
    const kind = this.#cause ?? (code === 0 ? 'exit' : 'failure');
    const isCounted = this.#announce(kind, code);
    if (isCounted || kind === 'exit' || kind === 'signal') this.#parts.marker.remove();
    if (!this.#parts.link.isFollower) this.#parts.link.removeSocket();
  }

  idle(): void {
    void this.#parts.collection.postTotals();
  }

  /** To the process that leads, else to the next start; whether somebody counts it now. */
  #announce(kind: ProcessEndKind, code: number): boolean {
    const { link, marker } = this.#parts;
    const end: ProcessEnd = { kind, code, atMs: Date.now() };
    if (kind !== 'exit') marker.end(end);
    if (!link.isFollower) return false;
    link.post({ kind: 'end', end });
    return true;
  }
}
