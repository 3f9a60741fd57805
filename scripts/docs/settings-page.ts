import { formatMs } from '../../src/config/parse-value.ts';
import type { SettingRow, SettingType } from '../../src/config/setting.ts';

/** Title and opening words of each group, in the order of the page. */
const GROUPS: Readonly<Record<SettingRow['group'], readonly [title: string, about: string]>> = {
  service: ['Service', 'Who the service is; shown with every metric and log record.'],
  metrics: ['Metrics', 'The Prometheus endpoint, the host, and how many label values there may be.'],
  export: ['Export', 'What is sent to an OpenTelemetry collector.'],
  logs: ['Logs', 'Daily files, the spool, and what the package says of itself.'],
  alerts: ['Alerts', 'Rules and how often they are evaluated.'],
  mail: ['Mail', 'The mail server that alerts are sent through.'],
  behaviour: ['Behaviour', 'How the package lives inside the process of the service.'],
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

/** What may be written as the value of a variable, with its unit. */
export function describeType(type: SettingType): string {
  switch (type.kind) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `whole number, ${type.min} to ${type.max}`;
    case 'duration': {
      const unit = type.bare === 's' ? 'seconds' : 'milliseconds';
      return `duration (\`ms\`, \`s\`, \`m\`, \`h\`, \`d\`; a bare number is ${unit}), ${formatMs(type.minMs)} to ${formatMs(type.maxMs)}`;
    }
    case 'bytes':
      return `size (\`KiB\`, \`MiB\`, \`GiB\`, \`kB\`, \`MB\`, \`GB\`; a bare number is bytes), at least ${formatBytes(type.min)}`;
    case 'choice':
      return type.choices.map(code).join(', ');
    case 'choices':
      return `any of ${type.choices.map(code).join(', ')}, comma-separated`;
    case 'list':
      return 'comma-separated list';
    case 'url':
      return '`http://` or `https://` address';
    case 'pairs':
      return '`key=value,key=value`, values percent-encoded';
  }
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

function line(row: SettingRow): string {
  const secret = row.secret
    ? ` Secret: never printed, and ${code(`${row.name}_FILE`)} may name a file that holds it.`
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
      '| variable | value | default | what it does |',
      '|---|---|---|---|',
      ...rows.filter((row) => row.group === group).map(line),
    ].join('\n');
  });
  return [
    '<!-- Generated from src/config/settings.ts by `npm run docs`. -->',
    '',
    '# Settings',
    '',
    'All settings are environment variables, read once at start. An empty variable counts as not set. A value that',
    'cannot be read, or a name of ours that is not in these tables, is said in one line and the default is used.',
    '',
    groups.join('\n\n'),
    '',
  ].join('\n');
}
