interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** A package that is installed more than once: its name, and each place with the version there. */
export interface Copies {
  readonly name: string;
  readonly places: readonly string[];
}

const FOLDER = 'node_modules/';

/**
 * The packages of a scope that a lockfile (`lockfileVersion` 2 or 3) installs more than once. Two copies of an
 * OpenTelemetry package do not know each other's instruments.
 */
export function copiesIn(lockfile: string, scope: string): readonly Copies[] {
  const places = new Map<string, string[]>();
  const { packages } = JSON.parse(lockfile) as Lockfile;
  for (const [path, { version }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
    if (!path.includes(FOLDER) || !name.startsWith(scope)) continue;
    const found = places.get(name) ?? [];
    places.set(name, [...found, `${path} ${version ?? ''}`]);
  }
  return Array.from(places, ([name, where]) => ({ name, places: where })).filter(
    (row) => row.places.length > 1,
  );
}
