/**
 * Builds what is published: `dist/` with the preload, the agent and the public API in small shared chunks of
 * CommonJS, the monitor as one file of its own, types, dashboards, and the licences and the SBOM of what is bundled. The old
 * `dist/` stays in use until the new one is complete. With `--if-stale` nothing is done while `dist/` is newer than
 * its sources.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './build/bundled-packages.ts';
import { writeBundles } from './build/bundles.ts';
import { writeDashboards } from './build/dashboards.ts';
import { inputsPrint, isStale, noteInputs } from './build/freshness.ts';
import { modifications } from './build/modifications.ts';
import { writeNotices } from './build/notices.ts';
import { oneAtATime } from './build/one-at-a-time.ts';
import { writeSbom } from './build/sbom.ts';
import { writeTypes } from './build/types.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
/** Next to `dist/`, so that it can be renamed to it. */
const next = join(root, '.dist-next');
const old = join(root, '.dist-old');

async function build(): Promise<void> {
  const print = inputsPrint(root);
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next);
  try {
    const [bundledFiles] = await Promise.all([writeBundles(root, next), writeTypes(root, next)]);
    const packages = bundledPackages(bundledFiles);
    writeNotices(packages, modifications, next);
    writeSbom(root, packages, modifications, next);
    writeDashboards(root, next);
    noteInputs(next, print);
    rmSync(old, { recursive: true, force: true });
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(next, dist);
  } finally {
    rmSync(next, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

const onlyIfStale = process.argv.includes('--if-stale');
if (!onlyIfStale || isStale(root)) {
  await oneAtATime(join(root, '.dist-lock'), async () => {
    if (!onlyIfStale || isStale(root)) await build();
  });
}
