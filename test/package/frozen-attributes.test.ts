import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { keepHashes } from '../../scripts/build/frozen-attributes.ts';

const main = createRequire(import.meta.url).resolve('@opentelemetry/sdk-metrics');
const original = join(dirname(main), 'utils.mjs');
const folder = mkdtempSync(join(tmpdir(), 'monitoring-frozen-'));
after(() => rmSync(folder, { recursive: true }));

type Attributes = Record<string, string | number | boolean>;
interface Utils {
  hashAttributes(attributes: Attributes): string;
}

/** The file of the SDK as the build changes it. */
async function changed(): Promise<Utils> {
  const file = join(folder, 'changed.mjs');
  writeFileSync(file, keepHashes(readFileSync(original, 'utf8')));
  return (await import(pathToFileURL(file).href)) as Utils;
}

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());

test('the changed SDK hashes all attributes as the original does, frozen or not, first and later', async () => {
  const ours = await changed();
  const copy = join(folder, 'original.mjs');
  copyFileSync(original, copy);
  const theirs = (await import(pathToFileURL(copy).href)) as Utils;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.boolean(), (attributes, frozen) => {
      const given = frozen ? Object.freeze(attributes) : attributes;
      const expected = theirs.hashAttributes(given);
      assert.equal(ours.hashAttributes(given), expected);
      assert.equal(ours.hashAttributes(given), expected);
    }),
  );
});

test('attributes that are changed after a record get a new hash', async () => {
  const { hashAttributes } = await changed();
  const attributes: Attributes = { a: 1 };
  const before = hashAttributes(attributes);
  attributes['a'] = 2;
  assert.notEqual(hashAttributes(attributes), before);
});

test('an SDK that looks otherwise stops the build', () => {
  assert.throws(() => keepHashes('export function hashAttributes2() {}'), /expected one/);
});

test('npm test runs on the changed SDK', async () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: { test: string };
  };
  assert.match(scripts.test, /--import \.\/test\/helpers\/setup\.ts /);
  const { registerChangedSdk } = await import('../helpers/changed-sdk.ts');
  registerChangedSdk();
  const { hashAttributes } = (await import(pathToFileURL(original).href)) as Utils;
  assert.match(String(hashAttributes), /hashOfFrozen/);
});
