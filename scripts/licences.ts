/** Compares the licences of all packages with the lists of those that are allowed: shipped ones, then tools. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lockfile } from './lockfile/lockfile.ts';
import { INSTALLED, refused, SHIPPED } from './published/licences.ts';

const root = join(import.meta.dirname, '..');
const lockfile = (file: string): Lockfile => JSON.parse(readFileSync(join(root, file), 'utf8')) as Lockfile;

const found = [
  ...refused(lockfile('vendor/package-lock.json'), SHIPPED).map((row) => `vendor/package-lock.json: ${row}`),
  ...refused(lockfile('package-lock.json'), INSTALLED).map((row) => `package-lock.json: ${row}`),
];
for (const row of found) console.error(`licence not allowed: ${row}`);
process.exitCode = found.length > 0 ? 1 : 0;
