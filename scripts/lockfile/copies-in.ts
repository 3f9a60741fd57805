import { type Lockfile, nameOf } from './lockfile.ts';

/** A package that is installed more than once: its name, and each place with the version there. */
export interface Copies {
  readonly name: string;
  readonly places: readonly string[];
}

/** The packages of a scope that are installed more than once. Copies of an OpenTelemetry package do not know each other's instruments. */
export function copiesIn({ packages }: Lockfile, scope: string): readonly Copies[] {
  const places = new Map<string, string[]>();
  for (const [path, { version }] of Object.entries(packages)) {
    const name = nameOf(path);
    if (!name?.startsWith(scope)) continue;
    places.set(name, [...(places.get(name) ?? []), `${path} ${version ?? ''}`]);
  }
  return Array.from(places, ([name, where]) => ({ name, places: where })).filter(
    (row) => row.places.length > 1,
  );
}
