/**
 * Adds what the lockfile lacks of other platforms (run it after each `npm install`). With `--check` it writes
 * nothing; it fails when something is missing, or when an `@opentelemetry/*` package is installed twice.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesIn } from './lockfile/copies-in.ts';
import type { Lockfile } from './lockfile/lockfile.ts';
import { missingPlatforms } from './lockfile/missing-platforms.ts';

const file = join(import.meta.dirname, '..', 'package-lock.json');
const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
const missing = missingPlatforms(lockfile);
const count = Object.keys(missing).length;

if (process.argv.includes('--check')) {
  if (count > 0)
    console.error(`package-lock.json lacks ${count} platform packages: run \`npm run lockfile\``);
  const copies = copiesIn(lockfile, '@opentelemetry/');
  for (const { name, places } of copies)
    console.error(`${name} is there ${places.length} times: ${places.join(', ')}`);
  process.exitCode = count > 0 || copies.length > 0 ? 1 : 0;
} else {
  const packages = Object.fromEntries(
    Object.entries({ ...lockfile.packages, ...missing }).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(file, `${JSON.stringify({ ...lockfile, packages }, null, 2)}\n`);
  console.log(`${count} platform packages added`);
}
