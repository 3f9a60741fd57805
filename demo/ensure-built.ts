import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOCK_STALE_MS = 120_000;
const OUTPUTS = ['register.cjs', 'index.cjs', 'index.mjs'];

function newestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** True when `dist` is missing or older than what it is made of. */
function isOld(root: string): boolean {
  const outputs = OUTPUTS.map((name) => join(root, 'dist', name));
  if (!outputs.every((path) => existsSync(path))) return true;
  const builtMs = Math.min(...outputs.map((path) => statSync(path).mtimeMs));
  return ['src', 'scripts/build.ts', 'package.json'].some((name) => newestMs(join(root, name)) > builtMs);
}

async function build(root: string): Promise<void> {
  const child = spawn(process.execPath, ['scripts/build.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`the build ended with code ${String(code)}\n${said}`);
}

/** One builder at a time: the folder is the lock, and one left behind by a killed builder is taken over. */
async function locked(lock: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const heldMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (heldMs > LOCK_STALE_MS) rmdirSync(lock);
      else await delay(100);
    }
  }
  try {
    await work();
  } finally {
    rmdirSync(lock);
  }
}

/** Builds the package in `root` if `dist` is missing or old; `onBuild` is called when that is so. */
export async function ensureBuilt(root: string, onBuild: () => void): Promise<void> {
  if (!isOld(root)) return;
  onBuild();
  await locked(join(root, 'node_modules', '.geometra-build-lock'), async () => {
    if (isOld(root)) await build(root);
  });
}
