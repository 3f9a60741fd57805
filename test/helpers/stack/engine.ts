import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine, type ComposeEngine } from '../../../scripts/stack/compose-engine.ts';

/** A container engine for one test run. */
export interface TestEngine {
  readonly compose: ComposeEngine;
  /** Set where the engine is our own. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const READY_MS = 30_000;
const LOOK_MS = 200;

const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

function answers(env: Readonly<Record<string, string>>): boolean {
  const asked = spawnSync('docker', ['info'], { stdio: 'ignore', env: { ...process.env, ...env } });
  return asked.status === 0;
}

/** An engine of our own, with its images and state in a folder that goes with it; it needs root, as engines do. */
async function startOwnEngine(): Promise<Pick<TestEngine, 'env' | 'stop'>> {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-engine-'));
  const env = { DOCKER_HOST: `unix://${folder}/socket` };
  const logPath = join(folder, 'log');
  const log = openSync(logPath, 'w');
  const child = spawn(
    'dockerd',
    [
      `--data-root=${join(folder, 'data')}`,
      `--exec-root=${join(folder, 'exec')}`,
      `--pidfile=${join(folder, 'pid')}`,
      `--host=${env.DOCKER_HOST}`,
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    await exited;
    // The engine leaves the network namespaces that it mounted.
    for (const [, mounted] of readFileSync('/proc/mounts', 'utf8').matchAll(/^\S+ (\S+) /gm)) {
      if (mounted?.startsWith(`${folder}/`)) spawnSync('umount', ['--lazy', mounted]);
    }
    rmSync(folder, { recursive: true, force: true });
  }
  for (let waitedMs = 0; waitedMs < READY_MS && child.exitCode === null; waitedMs += LOOK_MS) {
    if (answers(env)) return { env, stop };
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS);
    });
  }
  const lastWords = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-3).join('\n');
  await stop();
  throw new Error(`dockerd does not start here: ${lastWords}`);
}

/** Why no engine can be had here; false where one answers or can be started. */
export function unlessEngine(): string | false {
  if (!has('docker')) return 'no program `docker` (Debian: docker.io)';
  if (spawnSync('docker-compose', ['version'], { stdio: 'ignore' }).status !== 0) {
    if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status !== 0)
      return 'no compose (Debian: docker-compose)';
  }
  if (answers({})) return false;
  if (process.getuid?.() !== 0) return 'no engine answers, and only root can start one';
  return !has('dockerd') && 'no engine answers, and there is no program `dockerd` (Debian: docker.io)';
}

/** The engine that answers, or one of our own. Rejects with the engine's words when it does not start. */
export async function startEngine(): Promise<TestEngine> {
  const running = findEngine();
  if (running) return { compose: running, env: {}, stop: () => Promise.resolve() };
  const own = await startOwnEngine();
  const compose = findEngine(own.env);
  if (!compose) throw new Error('compose does not reach the engine that was started');
  return { ...own, compose };
}
