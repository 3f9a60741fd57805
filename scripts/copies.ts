/** Fails when the lockfile holds more than one copy or version of an `@opentelemetry/*` package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesIn } from './copies/copies-in.ts';

const lockfile = join(import.meta.dirname, '..', 'package-lock.json');
const copies = copiesIn(readFileSync(lockfile, 'utf8'), '@opentelemetry/');
for (const { name, places } of copies)
  console.error(`${name}: ${places.length} copies: ${places.join(', ')}`);
process.exitCode = copies.length > 0 ? 1 : 0;
