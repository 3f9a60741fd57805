import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { BundledPackage } from './bundled-packages.ts';
import type { Modification } from './modifications.ts';

interface Product {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** https://github.com/package-url/purl-spec: the `@` of a scope is escaped. */
const purl = (name: string, version: string): string => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

/** `sha512-<base64>` of a lockfile as CycloneDX writes it. */
function hash(integrity: string): { alg: string; content: string } {
  const [algorithm = '', base64 = ''] = integrity.split('-');
  return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') };
}

const licence = (license: string): object =>
  /^[\w.-]+$/.test(license) ? { license: { id: license } } : { expression: license };

/** `@scope/name` in CycloneDX is a group and a name. */
function named(name: string): { group?: string; name: string } {
  const [, group, bare] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return group === undefined || bare === undefined ? { name } : { group, name: bare };
}

function component(row: BundledPackage, integrity: string, changes: readonly Modification[]): object {
  const ref = purl(row.name, row.version);
  return {
    type: 'library',
    'bom-ref': ref,
    ...named(row.name),
    version: row.version,
    scope: 'required',
    hashes: [hash(integrity)],
    licenses: [licence(row.license)],
    purl: ref,
    ...(changes.length > 0 && {
      pedigree: { notes: changes.map(({ file, change }) => `${file}: ${change}`).join('\n') },
    }),
  };
}

/**
 * A CycloneDX 1.6 document of what is bundled: name, version, licence, package URL and the hash of the archive in the
 * registry. The same inputs give the same bytes, so there is no time and no serial number in it.
 */
export function sbom(
  product: Product,
  packages: readonly BundledPackage[],
  modifications: readonly Modification[],
  lockfile: Lockfile,
): object {
  const locked = (name: string): { version?: string; integrity?: string } =>
    lockfile.packages[`node_modules/${name}`] ?? {};
  const components = packages.map((row) => {
    const { version, integrity } = locked(row.name);
    if (version !== row.version || integrity === undefined)
      throw new Error(
        `vendor/package-lock.json has ${row.name} ${String(version)}, bundled is ${row.version}: run \`npm run lockfile\``,
      );
    return component(
      row,
      integrity,
      modifications.filter((change) => change.package === row.name),
    );
  });
  const ref = purl(product.name, product.version);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': ref,
        ...named(product.name),
        version: product.version,
        licenses: [licence(product.license)],
        purl: ref,
      },
    },
    components,
    dependencies: [{ ref, dependsOn: packages.map((row) => purl(row.name, row.version)) }],
  };
}

/** Writes the SBOM next to the bundles. */
export function writeSbom(
  root: string,
  packages: readonly BundledPackage[],
  modifications: readonly Modification[],
  dir: string,
): void {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const document = sbom(
    json('package.json') as Product,
    packages,
    modifications,
    json('vendor/package-lock.json') as Lockfile,
  );
  writeFileSync(join(dir, 'sbom.cdx.json'), `${JSON.stringify(document, null, 2)}\n`);
}
