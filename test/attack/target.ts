import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Agent, createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTER, REPOSITORY } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

/** The service has no more: connections of strangers must not use them up. */
const MAX_DESCRIPTORS = 256;
export const RULES_INTERVAL_MS = 1000;

export interface Answer {
  /** 0: no answer; `text` is the error then. */
  readonly status: number;
  readonly text: string;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The service under attack with what is around it: a collector, a scraped page, a folder of rules. */
export class Target {
  readonly root = mkdtempSync(join(tmpdir(), 'attack-'));
  readonly port: number;
  readonly metricsPort: number;
  readonly #sink: Server;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #ended: Promise<unknown>;
  stderr = '';
  end: string | undefined;

  private constructor(sink: Server, port: number, metricsPort: number, hasSpecialExtras: boolean) {
    [this.#sink, this.port, this.metricsPort] = [sink, port, metricsPort];
    cpSync(join(import.meta.dirname, 'programs'), this.folder, { recursive: true });
    mkdirSync(this.rules);
    mkdirSync(join(this.root, 'tmp'));
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'target', version: '1.0.0' }));
    writeFileSync(join(this.root, 'victim'), 'precious\n');
    writeFileSync(
      join(this.rules, 'a.yml'),
      '- name: Here\n  condition: monitoring_agent_up == 1\n  severity: warning\n',
    );
    const { port: sinkPort } = sink.address() as AddressInfo;
    this.#child = spawn(
      'sh',
      [
        '-c',
        `ulimit -n ${MAX_DESCRIPTORS}; exec "$0" "$@"`,
        process.execPath,
        '--require',
        REGISTER,
        'target.cjs',
      ],
      {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          TMPDIR: join(this.root, 'tmp'),
          PRODUCT: join(REPOSITORY, 'dist', 'index.cjs'),
          PORT: String(port),
          ...(hasSpecialExtras && { SPECIAL_EXTRAS: '1' }),
          OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
          MONITORING_RULES: this.rules,
          MONITORING_RULES_INTERVAL: `${RULES_INTERVAL_MS}ms`,
        },
      },
    );
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // Enough for all lines of ours; a flood of them is a problem of its own, and shown as one.
      if (this.stderr.length < 5e6) this.stderr += text;
    });
    this.#child.stdout?.resume();
    this.#ended = once(this.#child, 'close').then(
      ([code, signal]) => (this.end = `${String(code)} ${String(signal)}`),
    );
  }

  /** `hasSpecialExtras`: with the values of special-extras.cjs, which take memory. */
  static async start(hasSpecialExtras: boolean): Promise<Target> {
    const sink = createServer((asked, response) => {
      asked.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
    });
    sink.listen(0, '127.0.0.1');
    await once(sink, 'listening');
    const target = new Target(sink, await freePort(), await freePort(), hasSpecialExtras);
    await until(async () => (await target.ask(target.metricsPort, '/metrics')).status === 200, {
      what: () => `/metrics answers: ${target.stderr}`,
    });
    return target;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get folder(): string {
    return join(this.root, 'app');
  }

  get rules(): string {
    return join(this.root, 'rules');
  }

  get logs(): string {
    return join(this.folder, 'logs');
  }

  /** A request to one of the two ports; `body` makes it a POST. */
  ask(
    port: number,
    path: string,
    { body, headers = {}, timeoutMs = 15_000 }: AskOptions = {},
  ): Promise<Answer> {
    return new Promise((done) => {
      const options = {
        host: '127.0.0.1',
        port,
        path,
        agent: this.#agent,
        headers,
        method: body === undefined ? 'GET' : 'POST',
      };
      const fail = (error: Error): void => done({ status: 0, text: error.message });
      let asked;
      try {
        asked = request(options, (response) => {
          let text = '';
          response
            .setEncoding('utf8')
            .on('data', (chunk: string) => {
              if (text.length < 10_000) text += chunk;
            })
            .on('end', () => done({ status: response.statusCode ?? 0, text }))
            .on('error', fail);
        });
      } catch (error) {
        // Node's own client does not send such a path or header.
        done({ status: 400, text: (error as Error).message });
        return;
      }
      asked.setTimeout(timeoutMs, () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      asked.on('error', fail).end(body);
    });
  }

  /** Lets the service do these; returns what it threw. */
  async act(acts: readonly object[]): Promise<string | undefined> {
    const { status, text } = await this.ask(this.port, '/act', { body: JSON.stringify(acts) });
    if (status !== 200) return `the service answers ${status} ${text.slice(0, 100)}`;
    return text === '[]' ? undefined : `thrown into the service: ${text.slice(0, 300)}`;
  }

  /** A raw connection; its errors are of no interest. */
  connect(port: number): Socket {
    return connect(port, '127.0.0.1').on('error', () => {});
  }

  /** The address of the socket that the processes of the service meet at. */
  linkPath(): string | undefined {
    const inodes = new Set(
      readdirSync(`/proc/${this.pid}/fd`).flatMap((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${this.pid}/fd/${fd}`))?.[1] ?? [];
        } catch {
          return [];
        }
      }),
    );
    const rows = readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const paths = rows.filter((row) => inodes.has(row[6] ?? '')).map((row) => row[7] ?? '');
    return paths.find((path) => path.startsWith('/'));
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<string> {
    this.#child.kill('SIGTERM');
    await Promise.race([this.#ended, new Promise((late) => setTimeout(late, 10_000).unref())]);
    return this.end ?? 'still running 10 s after SIGTERM';
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
    this.#agent.destroy();
    this.#sink.closeAllConnections();
    this.#sink.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface AskOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}
