/** The parts of a package-lock.json (`lockfileVersion` 2 or 3) that are read here. */
export interface LockedPackage {
  readonly version?: string;
  /** `sha512-<base64>` of the package's archive. */
  readonly integrity?: string;
  /** SPDX expression. */
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const FOLDER = 'node_modules/';

/** `node_modules/a/node_modules/@b/c` → `@b/c`; undefined for the project itself. */
export function nameOf(path: string): string | undefined {
  const at = path.lastIndexOf(FOLDER);
  return at < 0 ? undefined : path.slice(at + FOLDER.length);
}
