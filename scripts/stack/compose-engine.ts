import { spawn, spawnSync } from 'node:child_process';
import { repository } from './programs.ts';

/** A compose command that has an engine behind it. */
export interface ComposeEngine {
  /** `docker compose` or `docker-compose`. */
  readonly command: readonly [string, ...string[]];
}

const COMMANDS = [['docker', 'compose'], ['docker-compose']] as const;

/**
 * The compose command to use; undefined where no engine answers or no compose is installed. `env` is added to the
 * environment: DOCKER_HOST names another engine than the usual one.
 */
export function findEngine(env: Readonly<Record<string, string>> = {}): ComposeEngine | undefined {
  const succeeds = ([program, ...args]: readonly [string, ...string[]]): boolean =>
    spawnSync(program, args, { stdio: 'ignore', timeout: 15_000, env: { ...process.env, ...env } }).status ===
    0;
  if (!succeeds(['docker', 'info'])) return undefined;
  const command = COMMANDS.find((candidate) => succeeds([...candidate, 'version']));
  return command && { command };
}

/** Runs compose in the repository with its output shown; answers its exit code. */
export async function compose(
  engine: ComposeEngine,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [program, ...first] = engine.command;
  // In a process group of its own: Ctrl-C reaches the stack alone, which then takes the containers down.
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
