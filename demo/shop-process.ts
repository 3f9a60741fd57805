import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The shop as a separate process. */
export interface Shop {
  readonly url: string;
  /** The command line, for display. */
  readonly command: string;
  /** True until the process has ended. */
  isRunning(): boolean;
  /** Its last lines of output. */
  lastWords(): string;
  /** SIGTERM, then SIGKILL. */
  stop(): Promise<void>;
}

const START_MS = 30_000;
const STOP_MS = 8000;
/** What a demo must not take over from the shell it is started in. */
const FOREIGN = /^(?:OTEL_|MONITORING_|SMTP_|NODE_OPTIONS$|NODE_USE_ENV_PROXY$)/;

/**
 * Starts the shop with the preload and `settings` as its environment, output into `outputFile`, and waits
 * until it listens. Throws with its last output if it exits before.
 */
export async function startShop(
  root: string,
  settings: Readonly<Record<string, string>>,
  outputFile: string,
): Promise<Shop> {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const args = ['--require', join(root, 'dist', 'register.cjs'), join(root, 'demo', 'shop', 'server.js')];
  const output = openSync(outputFile, 'a');
  // In a process group of its own, so that Ctrl-C reaches the demo alone, which then ends the shop in order.
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...settings },
    stdio: ['ignore', output, output, 'ipc'],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${String(code)}`));
    child.once('error', (error) => resolve(error.message));
  });
  const lastWords = (): string =>
    readFileSync(outputFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  const isRunning = (): boolean =>
    child.exitCode === null && child.signalCode === null && child.pid !== undefined;

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    if ((await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })])) !== undefined) return;
    child.kill('SIGKILL');
    await ended;
  }

  const port = await Promise.race([
    new Promise<number>((resolve) => {
      child.once('message', (message) => resolve((message as { port: number }).port));
    }),
    ended.then((how) => Promise.reject(new Error(`the shop exited with ${how}:\n${lastWords()}`))),
    delay(START_MS, undefined, { ref: false }),
  ]);
  if (port === undefined) {
    await stop();
    throw new Error(`the shop does not listen:\n${lastWords()}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    command: 'node --require ./dist/register.cjs demo/shop/server.js',
    isRunning,
    lastWords,
    stop,
  };
}
