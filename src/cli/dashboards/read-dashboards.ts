import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MonitoringError } from '../../errors.ts';
import { nearest } from '../../config/nearest-name.ts';

/** A dashboard of the package, in the JSON of Grafana. */
export interface NamedDashboard {
  readonly name: string;
  readonly title: string;
  readonly dashboard: Readonly<Record<string, unknown>>;
}

/** Next to the bundled program, or, when run from the sources, in the folder that Grafana reads. */
const FOLDERS = ['dashboards', '../../../collector/grafana/dashboards'];

function folder(): string {
  const candidates = FOLDERS.map((candidate) => join(import.meta.dirname, candidate));
  const found = candidates.find((candidate) => existsSync(join(candidate, 'overview.json')));
  if (found !== undefined) return found;
  throw new MonitoringError('MON_COMMAND_FILE', {
    where: candidates[0] ?? '',
    got: 'the dashboards are missing: the package is incomplete',
  });
}

/** The names of all dashboards. */
export function dashboardNames(): readonly string[] {
  const files = readdirSync(folder()).filter((file) => file.endsWith('.json'));
  return files.map((file) => basename(file, '.json')).sort();
}

/** The dashboards of these names, all of them without any. Throws a `MonitoringError` (MON_COMMAND) for a name that there is not. */
export function readDashboards(names: readonly string[], help: string): readonly NamedDashboard[] {
  const known = dashboardNames();
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const hint = meant === undefined ? `available: ${known.join(', ')}` : `did you mean "${meant}"?`;
    throw new MonitoringError('MON_COMMAND', { got: `unknown dashboard "${name}"; ${hint}`, help });
  }
  return (names.length > 0 ? [...new Set(names)] : known).map((name) => {
    const text = readFileSync(join(folder(), `${name}.json`), 'utf8');
    const dashboard = JSON.parse(text) as Record<string, unknown>;
    return { name, title: String(dashboard['title']), dashboard };
  });
}
