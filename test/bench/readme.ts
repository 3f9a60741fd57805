// `npm run bench -- --json | node test/bench/readme.ts`: writes the figures of a run into the table of README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchReport } from './harness.ts';
import { root } from './variants.ts';

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** What each bench's first measure is, in the words of the table. */
const titles: Readonly<Record<string, string>> = {
  overhead: 'CPU of the service per Express 5 request, µs',
  startup: 'CPU of the main thread until the first answer, ms',
  scrape: 'service thread busy per scrape of 1,900 histogram series, ms',
  logging: 'CPU of the service thread per log call, µs',
  rules: '40 rules over 5,000 series, ms',
};

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));

function rowOf(report: BenchReport): string {
  const { bare, ours, ...others } = report.results;
  const peers = Object.entries(others).map(
    ([name, value]) => `${name.replace('@opentelemetry/', '')} ${figure(value)}`,
  );
  const budgets = report.budgets.map(
    ({ name, limit, value, ok }) => `${ok ? '✓' : '✗'} ${name}: ${figure(value)} of ${limit}`,
  );
  const cells = [titles[report.bench] ?? report.bench, bare, ours].map((cell) =>
    typeof cell === 'number' ? figure(cell) : (cell ?? '–'),
  );
  return `| ${[...cells, peers.join('<br>'), budgets.join('<br>')].join(' | ')} |`;
}

const reports: BenchReport[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('{"bench"')) reports.push(JSON.parse(line) as BenchReport);
  else console.log(line);
}
if (reports.length === 0) throw new Error('no report on standard input: run `npm run bench -- --json`');

const file = join(root, 'README.md');
const text = readFileSync(file, 'utf8');
const [head, rest] = text.split(BEGIN);
const tail = rest?.split(END)[1];
if (head === undefined || tail === undefined) throw new Error(`${file}: ${BEGIN} … ${END} not found`);
const table = [
  '| what (median of at least five runs) | bare | ours | peers | budget |',
  '|---|---|---|---|---|',
  ...reports.map(rowOf),
];
writeFileSync(file, `${head}${BEGIN}\n\n${table.join('\n')}\n\n${END}${tail}`);
