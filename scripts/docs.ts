/** Generates the reference pages from tables in the code. With `--check` writes nothing and fails if a page is outdated. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { defaultRules, watchdogRule } from '../src/alerts/default-rules/index.ts';
import { settingRows } from '../src/config/settings.ts';
import { allProblems } from '../src/errors.ts';
import { metricRows } from '../src/metrics/catalogue.ts';
import { errorsPage } from './docs/errors-page.ts';
import { documentedTable, metricsPage } from './docs/metrics-page.ts';
import { runbookIndex, runbookPage } from './docs/runbook-page.ts';
import { settingsPage } from './docs/settings-page.ts';

const folder = join(import.meta.dirname, '..', 'docs');

const METRICS_BEGIN = '<!-- metrics -->';
const METRICS_END = '<!-- /metrics -->';

function current(file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** README.md with the table of the documented metrics between its markers. */
async function readmePage(): Promise<string> {
  const text = current('../README.md') ?? '';
  const [head, rest] = text.split(METRICS_BEGIN);
  const tail = rest?.split(METRICS_END)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`README.md: ${METRICS_BEGIN} … ${METRICS_END} not found`);
  const filled = `${head}${METRICS_BEGIN}\n\n${documentedTable()}\n\n${METRICS_END}${tail}`;
  const file = join(folder, '../README.md');
  return format(filled, { ...(await resolveConfig(file)), filepath: file });
}

const rules = [...defaultRules, watchdogRule];
const runbooks = rules.map((rule) => {
  const file = `runbooks/${rule.name}.md`;
  return [file, runbookPage(rule, current(file) ?? '')] as const;
});
const pages: Readonly<Record<string, string>> = {
  'settings.md': settingsPage(Object.values(settingRows)),
  'errors.md': errorsPage(allProblems()),
  'metrics.md': metricsPage(metricRows),
  '../README.md': await readmePage(),
  'runbooks/README.md': runbookIndex(rules),
  ...Object.fromEntries(runbooks),
};

const old = Object.keys(pages).filter((file) => current(file) !== pages[file]);
if (process.argv.includes('--check')) {
  for (const file of old)
    console.error(`${join('docs', file)} is outdated: run \`npm run docs\` and commit it`);
  process.exitCode = old.length > 0 ? 1 : 0;
} else {
  mkdirSync(join(folder, 'runbooks'), { recursive: true });
  for (const file of old) writeFileSync(join(folder, file), pages[file] ?? '');
  console.log(old.length > 0 ? `wrote ${old.join(', ')}` : 'all pages are up to date');
}
