/**
 * Adds what the lockfile lacks of other platforms, and writes versions and hashes of the bundled packages to vendor/
 * (run it after each `npm install`). With `--check` it writes nothing; it fails when something of that is missing, or
 * when an `@opentelemetry/*` package is installed twice.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesIn } from './lockfile/copies-in.ts';
import type { Lockfile } from './lockfile/lockfile.ts';
import { missingPlatforms } from './lockfile/missing-platforms.ts';
import { vendorLockfile, vendorManifest, type VendorManifest } from './lockfile/vendor.ts';

const root = join(import.meta.dirname, '..');
const file = join(root, 'package-lock.json');
const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
const missing = missingPlatforms(lockfile);
const count = Object.keys(missing).length;

const manifestFile = join(root, 'vendor', 'package.json');
const manifest = vendorManifest(JSON.parse(readFileSync(manifestFile, 'utf8')) as VendorManifest, lockfile);
const vendored: readonly (readonly [string, string])[] = [
  [manifestFile, text(manifest)],
  [join(root, 'vendor', 'package-lock.json'), text(vendorLockfile(manifest, lockfile))],
];

if (process.argv.includes('--check')) {
  const problems: string[] = [];
  if (count > 0)
    problems.push(`package-lock.json lacks ${count} platform packages: run \`npm run lockfile\``);
  for (const [path, content] of vendored)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== content)
      problems.push(`${path} differs from package-lock.json: run \`npm run lockfile\``);
  for (const { name, locations } of copiesIn(lockfile, '@opentelemetry/'))
    problems.push(`${name} is installed ${locations.length} times: ${locations.join(', ')}`);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  const packages = Object.fromEntries(
    Object.entries({ ...lockfile.packages, ...missing }).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(file, text({ ...lockfile, packages }));
  for (const [path, content] of vendored) writeFileSync(path, content);
  console.log(`${count} platform packages added, vendor/ written`);
}
