import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** What a program under measurement says of itself, from the operating system's accounting. */
export interface Usage {
  /** Of the whole process, µs. */
  readonly cpuUs: number;
  /** Of its main thread, µs. */
  readonly threadUs: number;
  readonly rssBytes: number;
}

const ANSWER_MS = 60_000;
/** Settings of the shell that would change what is measured. */
const FOREIGN = /^(?:OTEL_|MONITORING_|SMTP_|BENCH_|NODE_)/;

/** The environment of this process without what would change a measurement, and with `settings`. */
export function cleanEnv(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(inherited), NODE_ENV: 'production', ...settings };
}

/** A program of `programs/` in a process of its own. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;
  #said = '';

  constructor(
    program: string,
    execArgv: readonly string[],
    settings: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ) {
    this.#process = fork(program, args, {
      execArgv: [...execArgv],
      env: cleanEnv(settings),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    }
    this.#ended = new Promise((_, reject) => {
      this.#process.once('exit', (code, signal) => {
        reject(new Error(`${program} ended with ${signal ?? `code ${code}`}\n${this.#said}`));
      });
    });
    this.#ended.catch(() => undefined);
  }

  /** The next message that has the property `key`, as the value of that property. */
  async next<T>(key: string): Promise<T> {
    const message = new Promise<T>((resolve) => {
      const hear = (got: object): void => {
        if (!(key in got)) return;
        this.#process.off('message', hear);
        resolve((got as Record<string, T>)[key] as T);
      };
      this.#process.on('message', hear);
    });
    const late = delay(ANSWER_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no "${key}" within ${ANSWER_MS / 1000} s\n${this.#said}`);
    });
    return Promise.race([message, this.#ended, late]);
  }

  async ask<T>(question: object, key: string): Promise<T> {
    const answer = this.next<T>(key);
    this.#process.send(question);
    return answer;
  }

  async usage(): Promise<Usage> {
    return this.ask({ ask: 'usage' }, 'usage');
  }

  /** Waits until the process does nothing any more: start-up work of any thread is over. */
  async settle(): Promise<Usage> {
    let before = await this.usage();
    for (let quiet = 0, tries = 0; quiet < 2 && tries < 50; tries += 1) {
      await delay(200);
      const now = await this.usage();
      quiet = now.cpuUs - before.cpuUs < 4000 ? quiet + 1 : 0;
      before = now;
    }
    return before;
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended.catch(() => undefined);
  }
}
