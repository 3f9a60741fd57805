import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Copies the Grafana dashboards, minified, next to the command line, which exports and pushes them. */
export function writeDashboards(root: string, dir: string): void {
  const from = join(root, 'collector', 'grafana', 'dashboards');
  const to = join(dir, 'dashboards');
  mkdirSync(to);
  for (const file of readdirSync(from)) {
    if (!file.endsWith('.json')) continue;
    const dashboard: unknown = JSON.parse(readFileSync(join(from, file), 'utf8'));
    writeFileSync(join(to, file), JSON.stringify(dashboard));
  }
}
