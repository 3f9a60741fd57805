import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programPath } from '../../scripts/stack/programs.ts';
import { freePort } from './sink.ts';

const READY_MS = 30_000;

/** A Prometheus of its own that evaluates one rule file and takes samples by remote write. */
export class Prometheus {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** `folder` is an empty one for its files. */
  static async start(folder: string, rules: string, intervalMs: number): Promise<Prometheus> {
    writeFileSync(join(folder, 'rules.yml'), rules);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {evaluation_interval: ${intervalMs}ms}\nrule_files: [rules.yml]\n`,
    );
    const port = await freePort();
    const child = spawn(
      programPath('prometheus'),
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    process.once('exit', () => child.kill('SIGKILL'));
    const prometheus = new Prometheus(child, `http://127.0.0.1:${port}`);
    await prometheus.#ready();
    return prometheus;
  }

  async #ready(): Promise<void> {
    for (const endMs = performance.now() + READY_MS; performance.now() < endMs; await delay(100)) {
      if (this.#process.exitCode !== null) throw new Error(`prometheus ended with ${this.#process.exitCode}`);
      const response = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (response?.ok) return;
    }
    throw new Error(`prometheus is not ready after ${READY_MS / 1000} s`);
  }

  /** What it says of itself: the sum over all series of each metric, by name. */
  async ownMetrics(): Promise<ReadonlyMap<string, number>> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    const sums = new Map<string, number>();
    for (const [, name = '', value] of page.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm)) {
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
    return sums;
  }

  /** Pending and firing alerts. */
  async activeAlerts(): Promise<number> {
    const answer = (await (await fetch(`${this.url}/api/v1/alerts`)).json()) as {
      readonly data: { readonly alerts: readonly unknown[] };
    };
    return answer.data.alerts.length;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
