import { spawn } from 'node:child_process';
import { isStale } from '../scripts/build/freshness.ts';

/** Builds the package in `root` if `dist` is missing or outdated; `onBuild` is called when that is so. */
export async function ensureBuilt(root: string, onBuild: () => void): Promise<void> {
  if (!isStale(root)) return;
  onBuild();
  const child = spawn(process.execPath, ['scripts/build.ts', '--if-stale'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`the build exited with code ${String(code)}\n${output}`);
}
