import { join } from 'node:path';
import { Child } from './child.ts';

export type Request = readonly [method: string, path: string];

const CONNECTIONS = 16;

/** A process that sends requests; `send` resolves when all are answered, and throws when one is not with 200. */
export class Load {
  readonly #child = new Child(join(import.meta.dirname, 'programs', 'load.cjs'), [], {});

  async send(port: number, requests: readonly Request[], times: number): Promise<void> {
    const question = { port, requests, times, connections: Math.min(CONNECTIONS, requests.length * times) };
    const done = await this.#child.ask<{ answered: number; failed: number }>(question, 'done');
    if (done.failed > 0)
      throw new Error(`${done.failed} of ${done.answered} requests were not answered with 200`);
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }
}
