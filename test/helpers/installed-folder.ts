import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

function isInstalled(folder: string): boolean {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/** Installs what a folder's lockfile names when that has not been done; `onInstall` is called then. */
export async function ensureInstalled(folder: string, onInstall: () => void): Promise<void> {
  if (isInstalled(folder)) return;
  onInstall();
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm run` this is npm's own program.
  const npmCli = process.env['npm_execpath'];
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
  if (code !== 0) throw new Error(`npm ci in ${basename(folder)} ended with code ${String(code)}`);
}
