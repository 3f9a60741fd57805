import { type LockedPackage, type Lockfile, nameOf } from './lockfile.ts';

const SYSTEMS = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]);
const LIBC: readonly (readonly [RegExp, string])[] = [
  [/musl/, 'musl'],
  [/gnu/, 'glibc'],
];

/** `@oxlint/binding-linux-arm64-musl` → linux, arm64, musl: the parts of the names of platform packages. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const parts = name.replace(/^@[^/]+\//, '').split('-');
  const at = parts.findIndex((part) => SYSTEMS.has(part));
  if (parts.includes('wasm32')) return { cpu: ['wasm32'] };
  const [system, cpu, variant = ''] = at < 0 ? [] : parts.slice(at);
  if (system === undefined || cpu === undefined) return undefined;
  const libc = system === 'linux' ? LIBC.find(([pattern]) => pattern.test(variant))?.[1] : undefined;
  return { os: [system], cpu: [cpu], ...(libc !== undefined && { libc: [libc] }) };
}

/**
 * Entries that a lockfile lacks for optional packages of other platforms. npm leaves out what its registry does not
 * offer (a mirror may hold one platform only), and `npm ci` of npm 11 then calls the lockfile out of date.
 */
export function missingPlatforms({ packages }: Lockfile): Readonly<Record<string, LockedPackage>> {
  const known = new Set(Object.keys(packages).map(nameOf));
  const missing: Record<string, LockedPackage> = {};
  for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = known.has(name) ? undefined : platformOf(name);
      if (!platform) continue;
      missing[`node_modules/${name}`] = { version, ...platform, ...(dev && { dev }), optional: true };
    }
  }
  return missing;
}
