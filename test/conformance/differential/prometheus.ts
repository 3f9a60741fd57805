import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What the query API answers. */
export type ApiAnswer =
  | { readonly status: 'success'; readonly data: ApiData }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };

export type ApiPoint = readonly [number, string];

export interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: ApiPoint;
  readonly values?: readonly ApiPoint[];
}

export type ApiData =
  | { readonly resultType: 'string'; readonly result: ApiPoint }
  | { readonly resultType: 'scalar'; readonly result: ApiPoint }
  | { readonly resultType: 'vector'; readonly result: readonly ApiSeries[] }
  | { readonly resultType: 'matrix'; readonly result: readonly ApiSeries[] };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A Prometheus of its own over samples that were written before it started. */
export class Prometheus {
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /** `programs` is the folder of `prometheus` and `promtool`, `folder` an empty one for its data. */
  static async start(programs: string, folder: string, openMetrics: string): Promise<Prometheus> {
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'samples.txt'), openMetrics);
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
    execFileSync(
      join(programs, 'promtool'),
      ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples.txt'), join(folder, 'data')],
      { stdio: 'ignore' },
    );
    const port = await freePort();
    const child = spawn(
      join(programs, 'prometheus'),
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=promql-experimental-functions',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const prometheus = new Prometheus(child, `http://127.0.0.1:${port}`);
    await prometheus.#ready();
    return prometheus;
  }

  async #ready(): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      if (this.#process.exitCode !== null) throw new Error(`prometheus ended with ${this.#process.exitCode}`);
      const response = await fetch(`${this.#url}/-/ready`).catch(() => undefined);
      if (response?.ok) return;
      await delay(100);
    }
    throw new Error('prometheus is not ready after 30 s');
  }

  async query(query: string, timeMs: number): Promise<ApiAnswer> {
    return this.#ask('query', { query, time: String(timeMs / 1000) });
  }

  async queryRange(query: string, fromMs: number, toMs: number, stepMs: number): Promise<ApiAnswer> {
    const times = { start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepMs / 1000) };
    return this.#ask('query_range', { query, ...times });
  }

  async #ask(path: string, params: Record<string, string>): Promise<ApiAnswer> {
    const body = new URLSearchParams(params);
    const response = await fetch(`${this.#url}/api/v1/${path}`, { method: 'POST', body });
    return (await response.json()) as ApiAnswer;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
