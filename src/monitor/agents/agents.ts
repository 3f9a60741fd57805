import type { Hello, MonitorMessage } from '../../link/messages.ts';
import type { ProcessEnd } from '../../link/process-end.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { Snapshot } from '../../link/snapshot.ts';
import { Merger } from './merge.ts';
import { ProcessTotals, type SeriesValue } from './process-totals.ts';
import type { KeptTotals } from './totals-file.ts';

/** The far end of one link, whatever carries it. */
export interface AgentPeer {
  send(message: MonitorMessage): void;
}

/** One process, command or other monitor at the far end of a link. */
export interface LinkedAgent {
  readonly peer: AgentPeer;
  readonly totals: ProcessTotals;
  /** Undefined: not a process of the service, or not yet known as one. */
  hello: Hello | undefined;
  /** Whether it answered the last request in time. */
  up: boolean;
  /** About to end with its thread blocked: it will answer nothing more. */
  leaving: boolean;
  /** Its end, once it announced it. */
  end: ProcessEnd | undefined;
}

/** Where the totals are kept for a next leader. */
export interface TotalsStore {
  /** Never rejects. */
  write(kept: KeptTotals): Promise<void>;
  /** There is no process that could lead next. */
  discard(): void;
}

export interface AgentsOptions {
  readonly now: () => number;
  /** How long the processes may take to answer; then their last answer counts. */
  readonly deadlineMs: number;
  /** Undefined: no other process will ever lead. */
  readonly totals?: TotalsStore | undefined;
}

/** The last values of all processes of the service. */
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

const MAX_UNDELIVERED = 100;
/** Time for the totals to be on disk before a collection is answered. */
const KEEP_MS = 300;

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
   * then send the same totals once more.
   */
  readonly #absent = new Map<string, { readonly sinceMs: number; readonly values: readonly SeriesValue[] }>();
  /** For the first process that introduces itself, where none has yet. */
  #undelivered: MonitorMessage[] = [];
  /** What was last sent to all, by kind. */
  readonly #state = new Map<MonitorMessage['kind'], MonitorMessage>();
  #nextRequest = 1;
  #last: { readonly sinceMs: number; settled: boolean; readonly answer: Promise<AgentsAnswer> } | undefined;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** A link opened. */
  add(peer: AgentPeer): LinkedAgent {
    const agent: LinkedAgent = {
      peer,
      totals: new ProcessTotals(),
      hello: undefined,
      up: true,
      leaving: false,
      end: undefined,
    };
    this.#agents.add(agent);
    return agent;
  }

  /** The answer to a collection, or the last totals of a process that is about to end. False: it does not fit this link. */
  takeSnapshot(agent: LinkedAgent, request: number, snapshot: Snapshot): boolean {
    if (!agent.hello || !agent.totals.apply(snapshot)) return false;
    this.#absent.delete(agent.hello.processId);
    this.#answered(request, agent);
    return true;
  }

  /** The process at the far end is known now; a link that it had before counts no more. False: it was known already. */
  introduce(agent: LinkedAgent, hello: Hello): boolean {
    if (agent.hello) return false;
    for (const other of this.#agents) if (other.hello?.processId === hello.processId) this.remove(other);
    agent.hello = hello;
    for (const message of this.#state.values()) agent.peer.send(message);
    for (const message of this.#undelivered.splice(0)) agent.peer.send(message);
    return true;
  }

  /** A link closed; whether it was that of a process, and not known yet. */
  remove(agent: LinkedAgent): boolean {
    if (!this.#agents.delete(agent)) return false;
    const values = [...agent.totals.values()];
    if (agent.hello && values.length > 0) this.#addAbsent(agent.hello.processId, values);
    else this.#ended.add(values, true);
    for (const request of this.#waiting.keys()) this.#answered(request, agent);
    return agent.hello !== undefined;
  }

  isLinked(processId: string): boolean {
    for (const { hello } of this.#agents) if (hello?.processId === processId) return true;
    return false;
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

  /** What a next leader has to know; undefined while there is no process that could lead next. */
  totals(): KeptTotals | undefined {
    const processes = new Map(Array.from(this.#absent, ([id, { values }]) => [id, values]));
    for (const { hello, totals } of this.#agents)
      if (hello) processes.set(hello.processId, [...totals.values()]);
    const ended = [...this.#ended.values()];
    return processes.size > 1 ? { ended, processes } : undefined;
  }

  /** Writes the totals for a next leader; resolves when they are there. Never rejects. */
  async keepTotals(): Promise<void> {
    const { totals } = this.#options;
    const current = totals && this.totals();
    // A hanging disk holds no scrape up.
    if (current) await withDeadline(totals.write(current), KEEP_MS).catch(() => {});
    else totals?.discard();
  }

  get size(): number {
    return this.#agents.size;
  }

  /** Sends to one process, now or when there is one. */
  sendToOne(message: MonitorMessage): void {
    for (const { hello, leaving, end, peer } of this.#agents) {
      if (hello && !leaving && !end) return peer.send(message);
    }
    if (this.#undelivered.length < MAX_UNDELIVERED) this.#undelivered.push(message);
  }

  /** Sends to all processes, and to those that link later: of each kind the last message. */
  broadcast(message: MonitorMessage): void {
    this.#state.set(message.kind, message);
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
    // Before anyone sees these sums: were this leader to die, the next one must not show less.
    await this.keepTotals();
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
      // Without a hello it may be the command line.
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

  #answered(request: number, agent: LinkedAgent): void {
    const waiting = this.#waiting.get(request);
    waiting?.missing.delete(agent);
    if (waiting?.missing.size === 0) waiting.finish();
  }
}
