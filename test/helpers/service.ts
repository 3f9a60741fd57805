import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '..', '..');
export const REGISTER = join(REPOSITORY, 'dist', 'register.cjs');
export const fixture = (name: string): string => join(import.meta.dirname, '../process/fixtures', name);

const FRESH_MS = 3000;

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node before the script; default: the preload. */
  readonly nodeArgs?: readonly string[];
  readonly node?: string;
  /** Folder to run in; default: a fresh one that goes with the service. */
  readonly cwd?: string;
}

/** Generous: a machine under load is no failure. */
const WAIT_MS = 45_000;

/** A whole service in a process of its own, preloaded, in a folder of its own; nothing of the test's environment reaches it. */
export class Service {
  readonly cwd: string;
  readonly child: ChildProcess;
  readonly #ownsFolder: boolean;
  readonly #ended: Promise<End>;
  #stdout = '';
  #stderr = '';
  #watchers: (() => void)[] = [];

  constructor(script: string | undefined, options: ServiceOptions = {}) {
    this.#ownsFolder = options.cwd === undefined;
    this.cwd = options.cwd ?? mkdtempSync(join(tmpdir(), 'monitoring-service-'));
    const nodeArgs = options.nodeArgs ?? ['--require', REGISTER];
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      OTEL_EXPORTER_PROMETHEUS_PORT: '0',
      ...options.env,
    };
    const args = [...nodeArgs, ...(script === undefined ? [] : [script]), ...(options.args ?? [])];
    this.child = spawn(options.node ?? process.execPath, args, {
      cwd: this.cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#take('stdout', chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.#take('stderr', chunk));
    this.#ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
    void this.#ended.then(() => this.#wake());
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first match in what the process wrote so far or writes yet. */
  async line(pattern: RegExp, from: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    return this.until(
      () => pattern.exec(from === 'stdout' ? this.#stdout : this.#stderr) ?? undefined,
      String(pattern),
    );
  }

  /** Waits for output after which `read` finds something. */
  async until<T>(read: () => T | undefined, what: string): Promise<T> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const found = read();
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null || performance.now() > deadline) {
        throw new Error(`waited for ${what}; stdout:\n${this.#stdout}\nstderr:\n${this.#stderr}`);
      }
      await new Promise<void>((wake) => {
        this.#watchers.push(wake);
        setTimeout(wake, 200).unref();
      });
    }
  }

  /** The address of our pages. */
  async monitorUrl(): Promise<string> {
    return (await this.line(/metrics on (http:\S+)\/metrics/, 'stderr'))[1] as string;
  }

  /**
   * The page with what was observed before this call: on a busy machine the monitor first answers with what it had. A
   * service that is blocked, or has no agent, is not waited for beyond `FRESH_MS`.
   */
  async metrics(): Promise<string> {
    const fromMs = performance.now();
    for (;;) {
      const askedMs = performance.now();
      const response = await fetch(`${await this.monitorUrl()}/metrics`);
      const page = await response.text();
      const ageMs = Number(/^monitoring_snapshot_age_seconds (\S+)$/m.exec(page)?.[1]) * 1000;
      const isFresh = ageMs <= askedMs - fromMs && !/^monitoring_agents 0$/m.test(page);
      if (isFresh || performance.now() - fromMs > FRESH_MS) return page;
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** Asks for /metrics until `pattern` is on it. */
  async metricsWith(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const page = await this.metrics();
      if (pattern.test(page)) return page;
      if (performance.now() > deadline) throw new Error(`waited for ${pattern} on:\n${page}`);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  /** Address of the fixture's own server: it writes `listening <port>`. */
  async url(): Promise<string> {
    return `http://127.0.0.1:${(await this.line(/listening (\d+)/))[1]}`;
  }

  async ended(): Promise<End> {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** All lines of a daily file, of whatever day. */
  dailyLines(logger: string, folder = 'logs'): string[] {
    const dir = join(this.cwd, folder);
    if (!existsSync(dir)) return [];
    return readdirSync(dir)
      .filter((name) => new RegExp(`^${logger}_\\d{8}\\.log$`).test(name))
      .sort()
      .flatMap((name) =>
        readFileSync(join(dir, name), 'utf8')
          .split('\n')
          .filter((line) => line !== ''),
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.#ended;
    if (this.#ownsFolder) rmSync(this.cwd, { recursive: true, force: true });
  }

  #take(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (stream === 'stdout') this.#stdout += chunk.toString();
    else this.#stderr += chunk.toString();
    this.#wake();
  }

  #wake(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const wake of watchers) wake();
  }
}
