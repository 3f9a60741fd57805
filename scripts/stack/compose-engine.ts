import { spawn, spawnSync } from 'node:child_process';
import { repository } from './programs.ts';

/** A compose command with a running engine. */
export interface ComposeEngine {
  /** `docker compose` or `docker-compose`. */
  readonly command: readonly [string, ...string[]];
}

const COMMANDS = [['docker', 'compose'], ['docker-compose']] as const;

/**
 * The compose command to use; undefined if no engine is running or compose is not installed. `env` is added to the
 * environment: DOCKER_HOST selects another engine.
 */
export function findEngine(env: Readonly<Record<string, string>> = {}): ComposeEngine | undefined {
  const succeeds = ([program, ...args]: readonly [string, ...string[]]): boolean =>
    spawnSync(program, args, { stdio: 'ignore', timeout: 15_000, env: { ...process.env, ...env } }).status ===
    0;
  if (!succeeds(['docker', 'info'])) return undefined;
  const command = COMMANDS.find((candidate) => succeeds([...candidate, 'version']));
  return command && { command };
}

/** Runs compose in the repository with its output shown; returns its exit code. */
export async function compose(
  engine: ComposeEngine,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [program, ...first] = engine.command;
  // In its own process group: Ctrl-C only reaches the stack, which removes the containers.
  const child = spawn(program, [...first, ...args], {
    cwd: repository,
    env: { ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}
