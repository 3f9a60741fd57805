import type { LockedPackage, Lockfile } from './lockfile.ts';

/** What `vendor/package.json` holds that matters here: the packages that the build bundles, by name and exact version. */
export interface VendorManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The manifest with the versions that the project's own lockfile has installed. */
export function vendorManifest<Manifest extends VendorManifest>(
  manifest: Manifest,
  project: Lockfile,
): Manifest {
  const dependencies: Record<string, string> = {};
  for (const name of Object.keys(manifest.dependencies).toSorted((a, b) => a.localeCompare(b, 'en'))) {
    const { version } = project.packages[`node_modules/${name}`] ?? {};
    if (version === undefined) throw new Error(`vendor/package.json names ${name}, which is not installed`);
    dependencies[name] = version;
  }
  return { ...manifest, dependencies };
}

/** Peers that are not optional are installed as well. */
function needs({
  dependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}: LockedPackage): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...peers];
}

/** A lockfile of just these packages and what they need, cut from the project's own: same versions, same hashes. */
export function vendorLockfile(manifest: VendorManifest, project: Lockfile): object {
  const reached = new Set(Object.keys(manifest.dependencies));
  const packages: Record<string, LockedPackage> = {};
  for (const name of reached) {
    const path = `node_modules/${name}`;
    const found = project.packages[path];
    if (found === undefined)
      throw new Error(`package-lock.json has no ${path}: it is nested, or not installed`);
    const { dev: _dev, ...kept } = found;
    packages[path] = kept;
    for (const needed of needs(found)) reached.add(needed);
  }
  const sorted = Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  const { name, version, license, dependencies } = manifest;
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, license, dependencies }, ...Object.fromEntries(sorted) },
  };
}
