import { type Lockfile, nameOf } from './lockfile.ts';

/** A package that is installed more than once: its name, and each location with its version. */
export interface Copies {
  readonly name: string;
  readonly locations: readonly string[];
}

/** The packages of a scope that are installed more than once. Copies of an OpenTelemetry package do not know each other's instruments. */
export function copiesIn({ packages }: Lockfile, scope: string): readonly Copies[] {
  const locations = new Map<string, string[]>();
  for (const [path, { version }] of Object.entries(packages)) {
    const name = nameOf(path);
    if (!name?.startsWith(scope)) continue;
    locations.set(name, [...(locations.get(name) ?? []), `${path} ${version ?? ''}`]);
  }
  return Array.from(locations, ([name, where]) => ({ name, locations: where })).filter(
    (row) => row.locations.length > 1,
  );
}
