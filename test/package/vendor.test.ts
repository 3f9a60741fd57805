import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BundledPackage } from '../../scripts/build/bundled-packages.ts';
import { modifications } from '../../scripts/build/modifications.ts';
import { notices } from '../../scripts/build/notices.ts';
import { sbom } from '../../scripts/build/sbom.ts';
import type { Lockfile } from '../../scripts/lockfile/lockfile.ts';
import { vendorLockfile, vendorManifest } from '../../scripts/lockfile/vendor.ts';

const root = join(import.meta.dirname, '..', '..');
const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

interface Bom {
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly group?: string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes: readonly { readonly alg: string; readonly content: string }[];
    readonly pedigree?: { readonly notes: string };
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const built = json('dist/sbom.cdx.json') as Bom;
const namesOf = ({ components }: Bom): string[] =>
  components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));

test('K a scanner finds each bundled package in the SBOM and in vendor/, with version and hash', () => {
  const { packages } = json('vendor/package-lock.json') as Lockfile;
  assert.ok(built.components.length >= 15);
  for (const [at, name] of namesOf(built).entries()) {
    const { version, purl, hashes } = built.components[at] as Bom['components'][number];
    const locked = packages[`node_modules/${name}`];
    assert.equal(locked?.version, version, name);
    assert.equal(purl, `pkg:npm/${name.replace('@', '%40')}@${version}`);
    const [hash] = hashes;
    assert.equal(hash?.alg, 'SHA-512');
    assert.equal(`sha512-${Buffer.from(hash.content, 'hex').toString('base64')}`, locked?.integrity, name);
  }
  const [edges] = built.dependencies;
  assert.deepEqual(
    edges?.dependsOn,
    built.components.map((row) => row['bom-ref']),
  );
});

test('K every package that vendor/package.json names is really bundled, and nothing is a dependency', () => {
  const { dependencies } = json('vendor/package.json') as { dependencies: Record<string, string> };
  const bundled = namesOf(built);
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    [],
  );
  assert.equal((json('package.json') as { dependencies?: object }).dependencies, undefined);
});

test('K the notices and the SBOM name each file that the build changes', () => {
  const text = readFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  assert.ok(modifications.length > 0);
  for (const change of modifications) {
    assert.ok(text.includes(`${change.package}/${change.file}`), change.file);
    const component = built.components[namesOf(built).indexOf(change.package)];
    assert.ok(component?.pedigree?.notes.includes(change.change), change.package);
  }
  const bundle = readFileSync(join(root, 'dist', 'shared-entry.cjs'), 'utf8');
  assert.match(
    bundle,
    /\/\*! Changed by @geometra\/monitoring/,
    'and the changed code itself carries a notice',
  );
});

const row: BundledPackage = { name: '@scope/one', version: '1.0.0', license: 'MIT', texts: ['the text'] };
const locked: Lockfile = {
  packages: {
    'node_modules/@scope/one': {
      version: '1.0.0',
      integrity: 'sha512-AAAA',
      dependencies: { two: '^2.0.0' },
    },
    'node_modules/two': { version: '2.1.0', dev: true, peerDependencies: { three: '*' } },
    'node_modules/three': { version: '3.0.0' },
    'node_modules/tool': { version: '4.0.0', dev: true },
  },
};

test('a bundled package in another version than the lockfile stops the build', () => {
  const product = { name: 'p', version: '0.0.1', license: 'MIT' };
  assert.throws(() => sbom(product, [{ ...row, version: '1.0.1' }], [], locked), /npm run lockfile/);
  assert.doesNotThrow(() => sbom(product, [row], [], locked));
});

test('a licence text that several packages share is printed once', () => {
  const text = notices([row, { ...row, name: 'two' }], []);
  assert.equal(text.split('the text').length, 2);
  assert.match(text, /@scope\/one 1\.0\.0 \(MIT\)\ntwo 1\.0\.0 \(MIT\)/);
});

test('vendor/ takes its versions from the lockfile, with all that the packages need and no tool', () => {
  const manifest = { name: 'v', version: '0.0.0', license: 'MIT', dependencies: { '@scope/one': '0.9.0' } };
  const current = vendorManifest(manifest, locked);
  assert.deepEqual(current.dependencies, { '@scope/one': '1.0.0' });
  const { packages } = vendorLockfile(current, locked) as Lockfile;
  assert.deepEqual(Object.keys(packages), [
    '',
    'node_modules/@scope/one',
    'node_modules/three',
    'node_modules/two',
  ]);
  assert.equal(packages['node_modules/two']?.dev, undefined);
  assert.throws(() => vendorManifest({ ...manifest, dependencies: { four: '1.0.0' } }, locked), /four/);
});
