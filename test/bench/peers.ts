import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureInstalled } from '../helpers/installed-folder.ts';

const folder = join(import.meta.dirname, 'peers');
const peerRequire = createRequire(join(folder, 'package.json'));

/** Where the entry point of a peer is. */
export function peer(specifier: string): string {
  return peerRequire.resolve(specifier);
}

/** Installs the peers from their lockfile when that has not been done; `onInstall` is called then. */
export async function ensurePeers(onInstall: () => void): Promise<void> {
  await ensureInstalled(folder, onInstall);
}
