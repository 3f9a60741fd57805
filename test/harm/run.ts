import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REGISTER } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { ask } from './client.ts';
import { environmentOf, killAll, listening, MARKER, processesOf } from './process-tree.ts';
import type { Way } from './ways/way.ts';
import { PM2 } from './ways/ways.ts';

export type Variant = 'bare' | 'preloaded';

export interface RunOptions {
  /** The program closes its server on SIGTERM; else the signal ends it. */
  readonly graceful: boolean;
  /** An endpoint of a collector where nothing listens. */
  readonly collectorAway: boolean;
}

/** How a program ended, as its parent sees it. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A line of ours: `2026-11-23 20:15:00,123 - monitoring - INFO - …` */
const OURS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - monitoring - (\w+) - /;
const START_MS = 40_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** One service, run in one way, in a folder, a home and a temporary folder of its own. */
export class Run {
  readonly way: Way;
  readonly variant: Variant;
  readonly port: number;
  readonly childPort: number;
  readonly metricsPort: number;
  readonly marker: string;
  readonly #root: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #end: Promise<End> | undefined;
  #readyRequests = 0;
  #stdout = '';
  #stderr = '';

  private constructor(
    way: Way,
    variant: Variant,
    options: RunOptions,
    ports: readonly [number, number, number],
  ) {
    this.way = way;
    this.variant = variant;
    [this.port, this.childPort, this.metricsPort] = ports;
    this.#root = mkdtempSync(join(tmpdir(), 'harm-'));
    this.marker = this.#root;
    for (const folder of ['app', 'home', 'tmp']) mkdirSync(join(this.#root, folder));
    cpSync(join(import.meta.dirname, 'programs'), this.folder, { recursive: true });
    writeFileSync(
      join(this.folder, 'package.json'),
      JSON.stringify({
        name: 'shop',
        version: '1.0.0',
        private: true,
        scripts: { start: 'node single.cjs' },
      }),
    );
    this.#env = {
      PATH: process.env['PATH'],
      HOME: join(this.#root, 'home'),
      TMPDIR: join(this.#root, 'tmp'),
      PM2_HOME: join(this.#root, 'home', '.pm2'),
      NO_UPDATE_NOTIFIER: '1',
      PORT: String(this.port),
      CHILD_PORT: String(this.childPort),
      [MARKER]: this.marker,
      ...(options.graceful && { GRACEFUL: '1' }),
      ...(options.collectorAway && { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }),
      OTEL_EXPORTER_PROMETHEUS_PORT: String(this.metricsPort),
      ...(variant === 'preloaded' && { NODE_OPTIONS: `--require ${REGISTER}` }),
    };
  }

  static async begin(way: Way, variant: Variant, options: RunOptions): Promise<Run> {
    const run = new Run(way, variant, options, [await freePort(), await freePort(), await freePort()]);
    await run.start();
    return run;
  }

  get folder(): string {
    return join(this.#root, 'app');
  }

  /** The ports of the program's own servers. */
  get ports(): readonly number[] {
    return this.way.hasChild ? [this.port, this.childPort] : [this.port];
  }

  async start(): Promise<void> {
    if (this.way.manager === 'pm2') await this.pm2(...this.way.command);
    else this.#spawn();
    await this.serving();
  }

  /** Until every server answers. */
  async serving(): Promise<void> {
    const all = async (): Promise<boolean> => {
      const answers = await Promise.all(this.ports.map((port) => ask(port, '/ready')));
      this.#readyRequests += answers.filter((answer) => answer.startsWith('200')).length;
      return answers.every((answer) => answer.startsWith('200'));
    };
    await until(all, {
      deadlineMs: START_MS,
      intervalMs: 50,
      what: () => `${this.way.name} serves: ${this.#stderr.slice(-500)}`,
    });
  }

  /** How many requests were answered since the last call that only asked whether it serves. */
  takeReadyRequests(): number {
    const count = this.#readyRequests;
    this.#readyRequests = 0;
    return count;
  }

  #spawn(): void {
    const [command = '', ...args] = this.way.command;
    const child = spawn(command, args, {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#child = child;
    this.#end = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  /** Runs a command of pm2. */
  async pm2(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [PM2, ...args], {
      cwd: this.folder,
      env: this.#env,
      timeout: START_MS,
    });
    return stdout;
  }

  /** What the program wrote, without our lines; pm2 keeps it in files. */
  output(): { readonly stdout: readonly string[]; readonly stderr: readonly string[] } {
    const lines = (text: string): string[] =>
      text
        .replaceAll(this.#root, '<run>')
        .split('\n')
        .filter((line) => line !== '' && !OURS.test(line));
    return { stdout: lines(this.#written('out')), stderr: lines(this.#written('error')) };
  }

  /** Our lines that are warnings or errors. */
  complaints(): readonly string[] {
    const lines = this.#written('error').split('\n');
    return lines.filter((line) => ['WARNING', 'ERROR', 'CRITICAL'].includes(OURS.exec(line)?.[1] ?? ''));
  }

  /** How processes ended, as pm2 saw it. */
  endsSeenByPm2(): readonly string[] {
    const log = readFileSync(join(this.#root, 'home', '.pm2', 'pm2.log'), 'utf8');
    return Array.from(log.matchAll(/App \[\S+?\] (exited with code .*)$/gm), ([, how = '']) => how);
  }

  #written(stream: 'out' | 'error'): string {
    if (this.way.manager === 'none') return stream === 'out' ? this.#stdout : this.#stderr;
    const logs = join(this.#root, 'home', '.pm2', 'logs');
    if (!existsSync(logs)) return '';
    const files = readdirSync(logs).filter((file) => file.includes(`-${stream}`));
    return files.map((file) => readFileSync(join(logs, file), 'utf8')).join('');
  }

  /** The processes that serve the program's requests: workers of a cluster share the socket of their primary. */
  servers(): readonly number[] {
    const pids = processesOf(this.marker);
    const workers = pids.filter((pid) =>
      environmentOf(pid).some((entry) => entry.startsWith('NODE_UNIQUE_ID=')),
    );
    if (workers.length > 0) return workers;
    return this.ports.map((port) => this.holderOf(port)).filter((pid) => pid !== undefined);
  }

  /** The process that holds the port of the metrics. */
  leader(): number | undefined {
    return this.holderOf(this.metricsPort);
  }

  holderOf(port: number): number | undefined {
    for (const [pid, ports] of listening(processesOf(this.marker))) if (ports.has(port)) return pid;
    return undefined;
  }

  /** All listening ports of all processes. */
  openPorts(): ReadonlySet<number> {
    return new Set([...listening(processesOf(this.marker)).values()].flatMap((ports) => [...ports]));
  }

  touch(): void {
    const now = new Date();
    utimesSync(join(this.folder, 'single.cjs'), now, now);
  }

  signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid !== undefined) process.kill(this.way.signalsGroup ? -pid : pid, signal);
  }

  async ended(): Promise<End> {
    const end = this.#end;
    if (end === undefined) return { code: 0, signal: null };
    const late = AbortSignal.timeout(30_000);
    return Promise.race([
      end,
      once(late, 'abort').then(() => {
        throw new Error(`${this.way.name} has not ended after 30 s`);
      }),
    ]);
  }

  /** How many servers have written that they listen, since the first start. */
  listens(): number {
    return this.output().stdout.filter((line) => line.endsWith(' listens')).length;
  }

  /** How many processes there are. */
  leftProcesses(): number {
    return processesOf(this.marker).length;
  }

  /** What is left: processes, and files outside the folder of the logs. */
  leftovers(): readonly string[] {
    const files = (folder: string): string[] =>
      readdirSync(join(this.#root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file}`,
      );
    const own = new Set(readdirSync(join(import.meta.dirname, 'programs')).map((file) => `app/${file}`));
    return [
      ...processesOf(this.marker).map(() => 'a process'),
      ...files('tmp').filter((file) => !/^tmp\/(tsx-|node-compile-cache)/.test(file)),
      ...files('app').filter(
        (file) => !own.has(file) && file !== 'app/package.json' && !/^app\/logs(\/|$)/.test(file),
      ),
    ];
  }

  [Symbol.dispose](): void {
    killAll(this.marker);
    rmSync(this.#root, { recursive: true, force: true });
  }
}
