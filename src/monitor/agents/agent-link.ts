import type { AgentMessage } from '../../link/messages.ts';
import { ShapeError } from '../../link/shape.ts';
import type { AgentRequests } from './agent-requests.ts';
import type { AgentPeer, Agents, LinkedAgent } from './agents.ts';

/** One link: what comes over it goes to the collected metrics of its process, or is a request to the monitor. */
export class AgentLink {
  readonly #agent: LinkedAgent;
  readonly #agents: Agents;
  readonly #requests: AgentRequests;

  constructor(peer: AgentPeer, agents: Agents, requests: AgentRequests) {
    this.#agent = agents.add(peer);
    this.#agents = agents;
    this.#requests = requests;
  }

  /** Throws a `ShapeError` for what does not fit what came before. */
  receive(message: AgentMessage): void {
    const agent = this.#agent;
    switch (message.kind) {
      case 'hello':
        if (!this.#agents.introduce(agent, message)) throw new ShapeError('a second hello');
        break;
      case 'snapshot':
        if (!this.#agents.takeSnapshot(agent, message.request, message.snapshot))
          throw new ShapeError('a snapshot that does not fit those before');
        break;
      case 'spooled':
        this.#requests.spooled();
        break;
      case 'sample-host':
        this.#requests.sampleHost();
        break;
      case 'drain':
        void this.#drain(message);
        break;
      case 'end':
        agent.end = message.end;
        break;
      case 'reload':
        void this.#reload();
        break;
      case 'silence':
        this.#notAProcess();
        agent.peer.send({ kind: 'silenced', answer: this.#requests.silence(message.request) });
        break;
      case 'step-down':
        this.#notAProcess();
        this.#requests.stepDown();
        break;
    }
  }

  closed(): void {
    const { hello, end } = this.#agent;
    if (this.#agents.remove(this.#agent) && hello) this.#requests.processUnlinked(hello, end);
  }

  /** The command line or another monitor: it has no metrics to be asked for. */
  #notAProcess(): void {
    this.#agents.remove(this.#agent);
  }

  async #drain(message: Extract<AgentMessage, { kind: 'drain' }>): Promise<void> {
    // With its thread blocked it will answer nothing more.
    this.#agent.leaving = message.done !== undefined;
    await this.#requests.drain(message.deadlineMs);
    this.#agent.peer.send({ kind: 'drained', request: message.request });
    if (!message.done) return;
    const flag = new Int32Array(message.done);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  }

  async #reload(): Promise<void> {
    this.#notAProcess();
    this.#agent.peer.send({ kind: 'reloaded', ok: await this.#requests.reload() });
  }
}
