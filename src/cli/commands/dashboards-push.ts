import { withoutCredentials } from '../../address/masked.ts';
import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode } from '../command.ts';
import { grafanaAt, RejectedByGrafana } from '../dashboards/grafana.ts';
import { readDashboards } from '../dashboards/read-dashboards.ts';
import { settingsOf } from '../environment.ts';
import { paint } from '../terminal/paint.ts';

const HELP = 'geometra-monitoring dashboards push --help';

const options = {
  url: { type: 'string', value: '<url>', description: 'base URL of the Grafana server; required' },
  folder: {
    type: 'string',
    value: '<title>',
    description: 'folder in Grafana, created if missing; default: Geometra monitoring',
  },
  json: { type: 'boolean', description: 'print one JSON object instead of text' },
} as const;

const wrong = (got: string): MonitoringError => new MonitoringError('MON_COMMAND', { got, help: HELP });

export const command: Command<typeof options> = {
  args: '[names…]',
  about: [
    'Creates the dashboards in a Grafana server, or updates those created earlier; Grafana keeps the old versions. Without',
    'names pushes all of them. Set MONITORING_GRAFANA_TOKEN to a service account token with the Editor role, or put user and',
    'password into the URL.',
  ],
  options,

  async run({ url, folder = 'Geometra monitoring', json }, names, io): Promise<ExitCode> {
    if (url === undefined) throw wrong('--url is required: the URL of a Grafana server');
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw wrong(`--url: expected a URL such as http://127.0.0.1:3000, got "${withoutCredentials(url)}"`);
    }
    const dashboards = readDashboards(names, HELP);
    const grafana = grafanaAt(url, settingsOf(io).settings.grafanaToken);
    const folderUid = await grafana.folderUid(folder);
    const results: Readonly<Record<string, unknown>>[] = [];
    let rejected = 0;
    for (const { name, title, dashboard } of dashboards) {
      try {
        const saved = await grafana.save(dashboard, folderUid);
        results.push({ name, version: saved.version, url: saved.url });
        if (!json) io.out(`${title}: version ${saved.version}, ${saved.url}\n`);
      } catch (error) {
        if (!(error instanceof RejectedByGrafana)) throw error;
        rejected += 1;
        results.push({ name, error: error.message });
        io.err(`${paint(io, 'red', 'rejected')} ${name}: ${error.message}\n`);
      }
    }
    const ok = rejected === 0;
    if (json) io.out(`${JSON.stringify({ dashboards: results, ok })}\n`);
    return ok ? 0 : 1;
  },
};
