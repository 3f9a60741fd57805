import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'peers');
const peerRequire = createRequire(join(folder, 'package.json'));

/** Where the entry point of a peer is. */
export function peer(specifier: string): string {
  return peerRequire.resolve(specifier);
}

function isInstalled(): boolean {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/** Installs the peers from their lockfile when that has not been done; `onInstall` is called then. */
export async function ensurePeers(npmCli: string | undefined, onInstall: () => void): Promise<void> {
  if (isInstalled()) return;
  onInstall();
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child =
    npmCli === undefined
      ? spawn('npm', args, {
          cwd: folder,
          stdio: ['ignore', 'ignore', 'inherit'],
          shell: process.platform === 'win32',
        })
      : spawn(process.execPath, [npmCli, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`npm ci in test/bench/peers ended with code ${String(code)}`);
}
