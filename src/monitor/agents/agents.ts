import type { AgentMessage, Hello, MonitorMessage } from '../../link/messages.ts';
import type { SilenceAnswer, SilenceRequest } from '../../link/silence-messages.ts';
import { Merger } from './merge.ts';
import { ProcessTotals, type SeriesValue } from './process-totals.ts';
import type { KeptTotals } from './totals-file.ts';

/** The far end of one link, whatever carries it. */
export interface AgentPeer {
  send(message: MonitorMessage): void;
}

interface LinkedAgent {
  readonly peer: AgentPeer;
  readonly totals: ProcessTotals;
  hello: Hello | undefined;
  /** Whether it answered the last request in time. */
  up: boolean;
  /** It is at its end with its thread blocked: it will answer nothing more. */
  leaving: boolean;
  /** Its exit code, once it said goodbye. */
  exitCode: number | undefined;
}

/** How a linked process ended: with an exit code, or without a word (killed, out of memory, or crashed). */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly pid: number; readonly code: number }
  | { readonly kind: 'gone'; readonly pid: number };

export interface AgentsOptions {
  readonly now: () => number;
  /** How long the processes may take to answer; then their last answer counts. */
  readonly deadlineMs: number;
  /** Records lie in the spool. */
  readonly onSpooled: () => void;
  readonly onSampleHost: () => void;
  readonly onDrain: (deadlineMs: number) => Promise<void>;
  /** A collection has brought new values. */
  readonly onCollected: () => void;
  /** A process that had introduced itself is no longer linked. */
  readonly onEnd?: (end: ProcessEnd) => void;
  /** The rule files are to be loaded anew. */
  readonly onReload?: () => Promise<boolean>;
  /** Something is asked of the silences. */
  readonly onSilence?: (request: SilenceRequest) => Promise<SilenceAnswer | undefined>;
  /** A separate monitor wants to lead. */
  readonly onYield?: () => void;
}

/** What all processes of the service said last. */
export interface AgentsAnswer {
  readonly merged: Merger;
  /** Linked processes, and how many of them answered in time. */
  readonly linked: number;
  readonly up: number;
  /** When the oldest of the values was read, Unix milliseconds. */
  readonly oldestMs: number;
}

/** A process that has been away for longer does not link again. */
const ABSENT_MS = 60_000;

/** Readers of one tick share one collection. */
const SHARED_MS = 100;

/**
 * The processes of the service that are linked to this monitor. A collection always resolves in time: a process
 * whose event loop is blocked is shown with its last values and counted as not up.
 */
export class Agents {
  readonly #options: AgentsOptions;
  readonly #agents = new Set<LinkedAgent>();
  readonly #waiting = new Map<number, { readonly missing: Set<LinkedAgent>; readonly finish: () => void }>();
  /** Totals of processes that ended. */
  readonly #ended = new Merger();
  /**
   * Totals of processes that a leader before us knew, or whose link closed: they have ended, or will link again and
   * then say the same totals once more.
   */
  readonly #absent = new Map<string, { readonly sinceMs: number; readonly values: readonly SeriesValue[] }>();
  #nextRequest = 1;
  #last: { readonly sinceMs: number; settled: boolean; readonly answer: Promise<AgentsAnswer> } | undefined;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** A link opened. The returned functions take what comes over it and its end. */
  link(peer: AgentPeer): { receive(message: AgentMessage): void; closed(): void } {
    const agent: LinkedAgent = {
      peer,
      totals: new ProcessTotals(),
      hello: undefined,
      up: true,
      leaving: false,
      exitCode: undefined,
    };
    this.#agents.add(agent);
    return {
      receive: (message) => this.#receive(agent, message),
      closed: () => this.#closed(agent),
    };
  }

  /** Takes over what a leader before us kept. Its processes count with these values until they link and answer. */
  restore(kept: KeptTotals): void {
    this.#ended.add(kept.ended, true);
    for (const [processId, values] of kept.processes) this.#addAbsent(processId, values);
  }

  #addAbsent(processId: string, values: readonly SeriesValue[]): void {
    const nowMs = this.#options.now();
    this.#absent.set(processId, { sinceMs: nowMs, values });
    for (const [id, absent] of this.#absent) {
      if (nowMs - absent.sinceMs < ABSENT_MS) continue;
      this.#absent.delete(id);
      this.#ended.add(absent.values, true);
    }
  }

  /** What a next leader has to know; undefined while this is the only process there ever was. */
  totals(): KeptTotals | undefined {
    const processes = new Map(Array.from(this.#absent, ([id, { values }]) => [id, values]));
    for (const { hello, totals } of this.#agents)
      if (hello) processes.set(hello.processId, [...totals.values()]);
    const ended = [...this.#ended.values()];
    return processes.size > 1 || ended.length > 0 ? { ended, processes } : undefined;
  }

  get size(): number {
    return this.#agents.size;
  }

  broadcast(message: MonitorMessage): void {
    for (const { peer } of this.#agents) peer.send(message);
  }

  /** Asks all processes; resolves with what is known after `deadlineMs` at most, and never rejects. */
  collect(): Promise<AgentsAnswer> {
    const nowMs = this.#options.now();
    if (this.#last && (!this.#last.settled || nowMs - this.#last.sinceMs < SHARED_MS))
      return this.#last.answer;
    const last = { sinceMs: nowMs, settled: false, answer: this.#ask() };
    void last.answer.then(() => {
      last.settled = true;
    });
    this.#last = last;
    return last.answer;
  }

  async #ask(): Promise<AgentsAnswer> {
    const request = this.#nextRequest++;
    const missing = new Set([...this.#agents].filter((agent) => agent.hello && !agent.leaving));
    if (missing.size > 0) await this.#answersOf(missing, request);
    const answer = this.#answer();
    this.#options.onCollected();
    return answer;
  }

  async #answersOf(missing: Set<LinkedAgent>, request: number): Promise<void> {
    await new Promise<void>((finish) => {
      const timer = setTimeout(finish, this.#options.deadlineMs);
      this.#waiting.set(request, {
        missing,
        finish: () => {
          clearTimeout(timer);
          finish();
        },
      });
      for (const { peer } of missing) peer.send({ kind: 'collect', request });
    });
    this.#waiting.delete(request);
    for (const agent of this.#agents) agent.up = !missing.has(agent);
  }

  #answer(): AgentsAnswer {
    const merged = new Merger();
    let linked = 0;
    let up = 0;
    let oldestMs = this.#options.now();
    for (const agent of this.#agents) {
      // Who has not said hello may be the command line, and no process of the service.
      if (!agent.hello) continue;
      linked += 1;
      merged.add(agent.totals.values());
      if (agent.up) up += 1;
      if (agent.totals.atMs > 0) oldestMs = Math.min(oldestMs, agent.totals.atMs);
    }
    merged.add(this.#ended.values());
    for (const { values } of this.#absent.values()) merged.add(values, true);
    return { merged, linked, up, oldestMs };
  }

  #receive(agent: LinkedAgent, message: AgentMessage): void {
    switch (message.kind) {
      case 'hello':
        agent.hello = message;
        break;
      case 'snapshot':
        agent.totals.apply(message.snapshot);
        if (agent.hello) this.#absent.delete(agent.hello.processId);
        this.#answered(message.request, agent);
        break;
      case 'spooled':
        this.#options.onSpooled();
        break;
      case 'sample-host':
        this.#options.onSampleHost();
        break;
      case 'drain':
        void this.#drain(agent, message);
        break;
      case 'bye':
        agent.exitCode = message.code;
        break;
      case 'reload':
        void this.#reload(agent);
        break;
      case 'silence':
        void this.#silence(agent, message.request);
        break;
      case 'yield':
        // No process of the service: it has nothing to be asked for.
        this.#closed(agent);
        this.#options.onYield?.();
        break;
    }
  }

  #answered(request: number, agent: LinkedAgent): void {
    const waiting = this.#waiting.get(request);
    waiting?.missing.delete(agent);
    if (waiting?.missing.size === 0) waiting.finish();
  }

  async #drain(agent: LinkedAgent, message: Extract<AgentMessage, { kind: 'drain' }>): Promise<void> {
    agent.leaving = message.done !== undefined;
    await this.#options.onDrain(message.deadlineMs);
    agent.peer.send({ kind: 'drained', request: message.request });
    if (!message.done) return;
    const flag = new Int32Array(message.done);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  }

  async #reload(asker: LinkedAgent): Promise<void> {
    // The command line, and no process of the service.
    this.#closed(asker);
    const reloaded = await this.#options.onReload?.();
    asker.peer.send({ kind: 'reloaded', ok: reloaded ?? false });
  }

  async #silence(asker: LinkedAgent, request: SilenceRequest): Promise<void> {
    this.#closed(asker);
    const answer = await this.#options.onSilence?.(request);
    if (answer) asker.peer.send({ kind: 'silenced', answer });
  }

  #closed(agent: LinkedAgent): void {
    if (!this.#agents.delete(agent)) return;
    const values = [...agent.totals.values()];
    if (agent.hello && values.length > 0) this.#addAbsent(agent.hello.processId, values);
    else this.#ended.add(values, true);
    for (const request of this.#waiting.keys()) this.#answered(request, agent);
    if (!agent.hello) return;
    const { pid } = agent.hello;
    this.#options.onEnd?.(
      agent.exitCode === undefined ? { kind: 'gone', pid } : { kind: 'exit', pid, code: agent.exitCode },
    );
  }
}
