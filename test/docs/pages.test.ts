import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { metricsOfCatalogue } from '../../src/cli/lint/known-metrics.ts';
import type { SettingRow } from '../../src/config/setting.ts';
import { settingRows } from '../../src/config/settings.ts';

const root = join(import.meta.dirname, '..', '..');
/** Pages that are written by hand; those made from tables are checked by `npm run docs -- --check`. */
const pages = ['docs/growing.md', 'docs/queries.md'].map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}));

const settings = new Map(Object.values<SettingRow>(settingRows).map((row) => [row.name, row]));

/** What GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

function anchorsOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

test('every setting that a page names exists', () => {
  for (const { path, text } of pages) {
    const names = new Set(text.match(/\b(?:MONITORING|OTEL|SMTP)_[A-Z_]+\b/g));
    for (const name of names) assert.ok(settings.has(name), `${path}: ${name}`);
  }
  assert.match(pages[0]?.text ?? '', /MONITORING_ALERTMANAGER_URL=http/);
});

test('every metric of the package that a page names exists', () => {
  const { names } = metricsOfCatalogue();
  for (const { path, text } of pages) {
    for (const name of new Set(text.match(/\b(?:monitoring|http|ai|db|system|nodejs|process)_\w+_\w+\b/g))) {
      // A histogram may be named without suffix.
      assert.ok(names.has(name) || names.has(`${name}_bucket`), `${path}: ${name}`);
    }
  }
});

test('every variable of the collector that a page names is read by its configuration', () => {
  const folder = join(root, 'collector', 'otelcol');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const known = [...texts, compose].join('\n');
  for (const name of ['QUEUE_DIR', 'LOGS_ENDPOINT', 'METRICS_ENDPOINT', 'STACK_METRICS']) {
    assert.ok(pages[0]?.text.includes(name), name);
    assert.match(known, new RegExp(`\\$\\{(?:env:)?${name}\\b`));
  }
});

test('every command that a page names exists', () => {
  const names = commands.map((row) => row.name);
  for (const { path, text } of pages) {
    const calls = [...text.matchAll(/geometra-monitoring ((?:[a-z]+ ?)+)/g)];
    for (const [, words = ''] of calls) {
      assert.ok(
        names.some((name) => `${words.trim()} `.startsWith(`${name} `)),
        `${path}: ${words}`,
      );
    }
  }
});

test('every link of a page leads to a heading or a file', () => {
  for (const { path, text } of pages) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? join(root, path) : join(root, dirname(path), file);
      assert.ok(existsSync(linked), `${path}: ${target}`);
      if (anchor === undefined) continue;
      assert.ok(anchorsOf(readFileSync(linked, 'utf8')).has(anchor), `${path}: ${target}`);
    }
  }
});
