import { documentedMetrics } from '../../src/metrics/catalogue/documented.ts';
import type { MetricRow } from '../../src/metrics/catalogue.ts';

const code = (text: string): string => `\`${text}\``;

/** Titles of the tables of the page, by the beginning of the owner's room. */
const SECTIONS: readonly (readonly [title: string, about: string, owners: readonly string[]])[] = [
  [
    'Host',
    '`system_*` are percentages of the whole host, 0 to 100, as psutil computes them: in a container too they are those of the machine. `container_*` are about the memory limit of the container.',
    ['monitor/host'],
  ],
  ['HTTP', 'Requests that the service answered.', ['sources/http']],
  ['AI and databases', 'Counted by sources and by the explicit API.', ['metrics']],
  [
    'Runtime',
    'The processes of the service, under the names that dashboards of prom-client use.',
    ['sources/runtime'],
  ],
  [
    'Logs',
    'Log records, and what became of them on their way to the collector.',
    ['logging', 'monitor/shipping'],
  ],
  ['Alerts', 'Rules, alerts and notifications.', ['alerts']],
  [
    'The package itself',
    'How monitoring works.',
    ['monitor/agents', 'monitor/export', 'sources/seam', 'agent', 'link'],
  ],
  [
    'Scraped addresses',
    'For each address of `MONITORING_SCRAPE`. Rules and queries of the monitor see these; they are not on /metrics.',
    ['monitor/scrape'],
  ],
];

const MERGES: Readonly<Record<MetricRow['merge'], string>> = {
  sum: 'sum',
  min: 'smallest',
  max: 'largest',
  once: 'one for all',
};

const KINDS: Readonly<Record<MetricRow['kind'], string>> = {
  counter: 'counter',
  histogram: 'histogram',
  gauge: 'gauge',
  updown: 'gauge',
};

const labelsOf = ({ labels }: MetricRow): string =>
  labels === 'any' ? 'those of the rule or the service' : labels.map(code).join(', ');

function line(row: MetricRow): string {
  const condition = row.onlyIf === undefined ? '' : ` (where ${row.onlyIf})`;
  const hidden = row.onPage === false && row.owner !== 'monitor/scrape' ? ' (rules and queries only)' : '';
  const cells = [
    code(row.name),
    KINDS[row.kind],
    code(row.unit),
    labelsOf(row),
    MERGES[row.merge],
    row.help + condition + hidden,
  ];
  return `| ${cells.map((cell) => (cell === '``' ? '' : cell)).join(' | ')} |`;
}

const belongs = (row: MetricRow, owners: readonly string[]): boolean =>
  owners.some((owner) => row.owner === owner || row.owner.startsWith(`${owner}/`));

/** The reference page of all metrics, as Markdown. */
export function metricsPage(rows: readonly MetricRow[]): string {
  const missing = rows.filter((row) => !SECTIONS.some(([, , owners]) => belongs(row, owners)));
  if (missing.length > 0)
    throw new Error(`no section for the owner ${missing[0]?.owner}: scripts/docs/metrics-page.ts`);
  const sections = SECTIONS.map(([title, about, owners]) =>
    [
      `## ${title}`,
      '',
      about,
      '',
      '| metric | kind | unit | labels | of several processes | what it is |',
      '|---|---|---|---|---|---|',
      ...rows.filter((row) => belongs(row, owners)).map(line),
    ].join('\n'),
  );
  return [
    '<!-- Generated from src/metrics/catalogue/ by `npm run docs`. -->',
    '',
    '# Metrics',
    '',
    'Every metric that the package shows on /metrics, pushes over OTLP and gives to rules. A histogram is shown as',
    '`<name>_bucket` (with the label `le`), `<name>_sum` and `<name>_count`. Units are those of OpenTelemetry; they add',
    'no suffix to a name. The fifth column is what becomes of the values of several processes of one service: their sum,',
    'the smallest, the largest, or a value that the monitor measures once for all of them.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

/** The table of the documented metrics in README.md. */
export function documentedTable(): string {
  const rows: readonly MetricRow[] = Object.values(documentedMetrics);
  return [
    '| name | kind | labels |',
    '|---|---|---|',
    ...rows.map((row) => `| ${code(row.name)} | ${KINDS[row.kind]} | ${labelsOf(row)} |`),
  ].join('\n');
}
