/**
 * `npm run dashboards`: writes the dashboards of Grafana as JSON, from their description in dashboards/. With `--check`
 * it writes nothing and fails when a file is old, missing, or no longer made.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { dashboards } from './dashboards/all.ts';

const folder = join(import.meta.dirname, '..', 'collector', 'grafana', 'dashboards');
const asFormatted = await resolveConfig(join(folder, 'overview.json'));

function onDisk(): ReadonlyMap<string, string> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const wanted = new Map<string, string>();
for (const [name, build] of Object.entries(dashboards)) {
  const text = JSON.stringify(build(), undefined, 2);
  wanted.set(`${name}.json`, await format(text, { ...asFormatted, parser: 'json' }));
}
const found = onDisk();
const old = [...new Set([...wanted.keys(), ...found.keys()])].filter(
  (name) => wanted.get(name) !== found.get(name),
);
if (process.argv.includes('--check')) {
  for (const name of old) {
    console.error(
      `collector/grafana/dashboards/${name} is outdated: run \`npm run dashboards\` and commit it`,
    );
  }
  process.exitCode = old.length > 0 ? 1 : 0;
} else {
  for (const name of old) {
    const text = wanted.get(name);
    if (text === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  console.log(old.length > 0 ? `wrote ${old.join(', ')}` : 'all dashboards are up to date');
}
