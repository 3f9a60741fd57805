import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Ends the processes that it was told of when this process is gone, however it went. */
export interface Guardian {
  watch(pid: number): void;
  /** The process has ended; its id may soon be another's. */
  forget(pid: number): void;
  /** Nothing is left to guard. */
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
  // A guardian that is gone guards nothing; the stack ends its programs itself where it can.
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
