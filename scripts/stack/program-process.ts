import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Guardian } from './start-guardian.ts';

/** How to run a program of the stack. */
export interface ProgramSpec {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Receives the output of the program. */
  readonly logPath: string;
  readonly healthUrl: string;
}

/** A program of the stack, which can be restarted. */
export interface ProgramProcess {
  readonly spec: ProgramSpec;
  readonly pid: number | undefined;
  /** Starts it and resolves when it is ready. Rejects with its last output if it exits before. */
  start(): Promise<void>;
  /** SIGTERM, then SIGKILL. */
  stop(): Promise<void>;
  /** SIGKILL at once. */
  kill(): Promise<void>;
  lastWords(): string;
}

const START_MS = 60_000;
const STOP_MS = 20_000;
const LOOK_MS = 50;
const ANSWER_MS = 2000;
const LAST_LINES = 15;

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Polls until the URL returns 2xx or `stopped` is true; returns whether it did. */
export async function untilHealthy(url: string, limitMs: number, stopped: () => boolean): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline && !stopped()) {
    if (await isHealthy(url)) return !stopped();
    await delay(LOOK_MS);
  }
  return false;
}

/** A program that is not started yet. */
export function programProcess(spec: ProgramSpec, guardian: Guardian): ProgramProcess {
  let child: ChildProcess | undefined;
  let ended: Promise<string> = Promise.resolve('not started');
  let isEnded = true;
  let starts = 0;

  function lastWords(): string {
    return readFileSync(spec.logPath, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }

  async function start(): Promise<void> {
    if (!isEnded) return;
    mkdirSync(dirname(spec.logPath), { recursive: true });
    const log = openSync(spec.logPath, 'a');
    // In its own process group: Ctrl-C only reaches the stack, which stops its programs in order.
    const started = spawn(spec.path, spec.args, {
      cwd: spec.cwd,
      env: { ...spec.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    child = started;
    isEnded = false;
    starts += 1;
    const own = starts;
    const { pid } = started;
    if (pid !== undefined) guardian.watch(pid);
    let how = '';
    ended = new Promise((resolve) => {
      const onEnd = (text: string): void => {
        how = text;
        if (own === starts) isEnded = true;
        if (pid !== undefined) guardian.forget(pid);
        resolve(text);
      };
      started.once('exit', (code, signal) => onEnd(signal ?? `code ${code}`));
      started.once('error', (error) => onEnd(error.message));
    });
    if (await untilHealthy(spec.healthUrl, START_MS, () => how !== '')) return;
    const reason = how === '' ? `is not ready after ${START_MS / 1000} s` : `exited with ${how}`;
    await stop();
    throw new Error(`${spec.name} ${reason}; last output (${spec.logPath}):\n${lastWords()}`);
  }

  async function stop(): Promise<void> {
    if (isEnded) return;
    child?.kill('SIGTERM');
    const late = await Promise.race([ended, delay(STOP_MS, 'late', { ref: false })]);
    if (late === 'late') await kill();
  }

  async function kill(): Promise<void> {
    if (isEnded) return;
    child?.kill('SIGKILL');
    await ended;
  }

  return {
    spec,
    get pid() {
      return isEnded ? undefined : child?.pid;
    },
    start,
    stop,
    kill,
    lastWords,
  };
}
