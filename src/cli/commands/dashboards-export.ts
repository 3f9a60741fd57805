import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode } from '../command.ts';
import { readDashboards } from '../dashboards/read-dashboards.ts';

const options = {
  dir: { type: 'string', value: '<folder>', description: 'output folder; default: dashboards' },
  json: { type: 'boolean', description: 'print one JSON object instead of text' },
} as const;

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export const command: Command<typeof options> = {
  args: '[names…]',
  about: [
    'Writes one JSON file per dashboard, ready to import or provision. Without names writes all of them. Existing files are',
    'replaced. Select the data sources in Grafana with the variables at the top of each dashboard.',
  ],
  options,

  run({ dir = 'dashboards', json }, names, io): ExitCode {
    const dashboards = readDashboards(names, 'geometra-monitoring dashboards export --help');
    const folder = resolve(io.cwd, dir);
    const files: { readonly name: string; readonly path: string; readonly written: boolean }[] = [];
    try {
      mkdirSync(folder, { recursive: true });
      for (const { name, title, dashboard } of dashboards) {
        const path = join(folder, `${name}.json`);
        const text = `${JSON.stringify(dashboard, undefined, 2)}\n`;
        const isNew = current(path) !== text;
        if (isNew) writeFileSync(path, text);
        files.push({ name, path: join(dir, `${name}.json`), written: isNew });
        if (!json) io.out(`${isNew ? 'wrote' : 'unchanged'} ${join(dir, `${name}.json`)} (${title})\n`);
      }
    } catch (error) {
      throw new MonitoringError('MON_COMMAND_FOLDER', { where: dir, got: (error as Error).message });
    }
    if (json) io.out(`${JSON.stringify({ files, ok: true })}\n`);
    return 0;
  },
};
