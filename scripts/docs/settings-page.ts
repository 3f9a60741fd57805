import { formatMs } from '../../src/config/parse-value.ts';
import type { SettingRow, SettingType } from '../../src/config/setting.ts';

/** Title and opening words of each group, in the order of the page. */
const GROUPS: Readonly<Record<SettingRow['group'], readonly [title: string, about: string]>> = {
  service: ['Service', 'Identity of the service, attached to every metric and log record.'],
  metrics: ['Metrics', 'The Prometheus endpoint, host metrics and label limits.'],
  export: ['Export', 'Export to an OpenTelemetry collector, and dashboards to Grafana.'],
  logs: ['Logs', 'Daily files, the spool, and the log of the package itself (the monitoring log).'],
  alerts: ['Alerts', 'Alert rules, their evaluation and notifications.'],
  mail: ['Mail', 'The mail server for notifications.'],
  behaviour: ['Behaviour', 'How the package runs inside the service.'],
};

const KIB = 1024;

/** 536870912 → "512 MiB". */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= KIB && value % KIB === 0 && unit < units.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${value} ${units[unit]}`;
}

const code = (text: string): string => `\`${text}\``;

/** The values that a variable accepts, with their unit. */
export function describeType(type: SettingType): string {
  switch (type.kind) {
    case 'string':
      return 'string';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `integer, ${type.min} to ${type.max}`;
    case 'duration': {
      const unit = type.bare === 's' ? 'seconds' : 'milliseconds';
      return `duration (\`ms\`, \`s\`, \`m\`, \`h\`, \`d\`; a bare number is ${unit}), ${formatMs(type.minMs)} to ${formatMs(type.maxMs)}`;
    }
    case 'bytes':
      return `size (\`KiB\`, \`MiB\`, \`GiB\`, \`kB\`, \`MB\`, \`GB\`; a bare number is bytes), at least ${formatBytes(type.min)}`;
    case 'choice':
      return [type.choices, Object.keys(type.aliases ?? {})]
        .filter((names) => names.length > 0)
        .map((names) => names.map(code).join(', '))
        .join('; also ');
    case 'choices':
      return `any of ${type.choices.map(code).join(', ')}, comma-separated`;
    case 'list':
      return 'comma-separated list';
    case 'url':
      return '`http://` or `https://` URL';
    case 'pairs':
      return '`key=value,key=value` with percent-encoded values';
  }
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

function line(row: SettingRow): string {
  const secret = row.secret
    ? ` Secret: never printed; ${code(`${row.name}_FILE`)} may name a file to read it from.`
    : '';
  const byDefault = row.default === undefined ? 'not set' : code(row.default);
  return `| ${code(row.name)} | ${cell(describeType(row.type))} | ${byDefault} | ${cell(row.description)}${secret} |`;
}

/** The reference page of all environment variables, as Markdown. */
export function settingsPage(rows: readonly SettingRow[]): string {
  const groups = (Object.keys(GROUPS) as SettingRow['group'][]).map((group) => {
    const [title, about] = GROUPS[group];
    return [
      `## ${title}`,
      '',
      about,
      '',
      '| variable | value | default | description |',
      '|---|---|---|---|',
      ...rows.filter((row) => row.group === group).map(line),
    ].join('\n');
  });
  return [
    '<!-- Generated from src/config/settings.ts by `npm run docs`. -->',
    '',
    '# Settings',
    '',
    'All settings are environment variables, read once at start. An empty variable counts as not set. For an invalid value',
    'or an unknown `MONITORING_*` or `SMTP_*` name one line is logged, and the default is used.',
    '',
    groups.join('\n\n'),
    '',
  ].join('\n');
}
