/**
 * `npm run address -- https://host/owner/name` writes repository, bugs and homepage of package.json. Without an
 * argument, or with `--check`, it compares them; that the address is not known yet is a warning, no failure.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AddressFields, addressFields, isPlaceholder, pageOf } from './published/address.ts';

const file = join(import.meta.dirname, '..', 'package.json');
const manifest = JSON.parse(readFileSync(file, 'utf8')) as AddressFields & Record<string, unknown>;
const address = process.argv.slice(2).find((word) => word !== '--check');

if (address === undefined) {
  const page = pageOf(manifest);
  const { homepage, bugs, repository } = manifest;
  const agree = JSON.stringify({ homepage, bugs, repository }) === JSON.stringify(addressFields(page));
  if (!agree)
    console.error(`package.json: homepage, bugs and repository differ: run \`npm run address -- ${page}\``);
  else if (isPlaceholder(page))
    console.log(
      `warning: the address of the project is the placeholder ${page}: run \`npm run address -- https://host/owner/name\``,
    );
  process.exitCode = agree ? 0 : 1;
} else if (URL.canParse(address)) {
  writeFileSync(file, `${JSON.stringify({ ...manifest, ...addressFields(address) }, null, 2)}\n`);
} else {
  console.error(`expected an address as https://host/owner/name, got ${address}`);
  process.exitCode = 2;
}
