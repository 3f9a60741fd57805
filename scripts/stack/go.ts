import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Build environment: without cgo, so that the programs run in any container, and without local paths. */
const BUILD_ENVIRONMENT = { CGO_ENABLED: '0', GOWORK: 'off' } as const;
const LAST_LINES = 25;

export interface GoRun {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Program to run; default: `go`. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The toolchain's version, `go1.26.8`; undefined where there is none. */
export function goVersion(): string | undefined {
  const { stdout, status } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Runs the toolchain and passes every line of output to `onLine`. Rejects with its last lines if it exits with a
 * code other than 0.
 */
export async function runGo(run: GoRun, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  const child = spawn(run.program ?? 'go', run.args, {
    cwd: run.cwd,
    env: { ...process.env, ...BUILD_ENVIRONMENT, ...run.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      onLine(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) {
    const failed = [run.program ?? 'go', ...run.args].join(' ');
    throw new Error(`${failed}\nexited with ${code ?? 'a signal'}:\n${last.join('\n')}`);
  }
}
