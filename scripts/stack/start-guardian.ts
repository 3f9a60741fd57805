import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Kills the registered processes when this process ends for any reason. */
export interface Guardian {
  watch(pid: number): void;
  /** The process has ended; its id may be reused. */
  forget(pid: number): void;
  /** No process is left. */
  close(): Promise<void>;
}

export function startGuardian(): Guardian {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guardian.ts')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  // Without the guardian the stack still stops its programs itself.
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    watch: (pid) => void child.stdin.write(`+${pid}\n`),
    forget: (pid) => void child.stdin.write(`-${pid}\n`),
    async close() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
