// A separate process that survives its parent: it reads process ids from stdin, one per line, and kills them when stdin
// closes, which also happens when the stack is killed without a chance to clean up.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const GRACE_MS = 5000;
const LOOK_MS = 100;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function end(pid: number): Promise<void> {
  if (!isRunning(pid)) return;
  process.kill(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < GRACE_MS; waitedMs += LOOK_MS) {
    await delay(LOOK_MS);
    if (!isRunning(pid)) return;
  }
  process.kill(pid, 'SIGKILL');
}

// Ctrl-C is handled by the stack, which closes our stdin when it is done.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

const guarded = new Set<number>();
for await (const line of createInterface(process.stdin)) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) guarded.add(pid);
  else guarded.delete(pid);
}
await Promise.allSettled([...guarded].map(end));
