import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runbookIndex, runbookPage } from '../../../scripts/docs/runbook-page.ts';
import { defaultGroups, defaultRules, watchdogRule } from '../../../src/alerts/default-rules/index.ts';
import { longestRangeMs, parse, selectorsOf } from '../../../src/promql/index.ts';
import { readRuleFile } from '../../../src/alerts/rules/files/read-rule-file.ts';
import { metricsOfCatalogue } from '../../../src/cli/lint/known-metrics.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(root, 'docs', 'runbooks');
const rules = [...defaultRules, watchdogRule];
const pageOf = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');

const blocks = (text: string, language: string): readonly string[] =>
  Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')), ([, block = '']) => block);

function section(page: string, title: string): string {
  const [, text = ''] = page.split(`\n## ${title}\n`);
  return text.split('\n## ')[0]!.trim();
}

test('every default rule has a page, and every page a rule', () => {
  const files = readdirSync(folder).filter((name) => name !== 'README.md');
  assert.deepEqual(files.toSorted(), rules.map(({ name }) => `${name}.md`).toSorted());
});

test('pages and index are as the rules are now', () => {
  for (const rule of rules) {
    assert.equal(pageOf(rule.name), runbookPage(rule, pageOf(rule.name)), `${rule.name}: run npm run docs`);
  }
  assert.equal(readFileSync(join(folder, 'README.md'), 'utf8'), runbookIndex(rules));
});

test('every page explains what the rule means, what to look at, why it fires and what to do', () => {
  for (const { name } of rules) {
    const page = pageOf(name);
    assert.ok(section(page, 'What it means').length > 60, name);
    const queries = blocks(section(page, 'First checks'), 'promql');
    assert.ok(queries.length >= 2 && queries.length <= 4, name);
    assert.match(section(page, 'Common causes'), /^- \S/, name);
    assert.match(section(page, 'What to do'), /^1\. \S/, name);
    assert.match(section(page, 'Mute, change or disable'), /MONITORING_DEFAULT_RULES_OFF/, name);
  }
});

test('every query on the pages is PromQL on metrics and labels that there are, no further back than they are kept', () => {
  const known = metricsOfCatalogue();
  const keptMs = new Map<string, number>();
  for (const { condition } of rules) {
    for (const { name } of selectorsOf(parse(condition))) {
      keptMs.set(name, Math.max(900_000, keptMs.get(name) ?? 0, longestRangeMs(parse(condition))));
    }
  }
  for (const rule of rules) {
    for (const query of blocks(pageOf(rule.name), 'promql')) {
      const expr = parse(query);
      for (const { name, matchers } of selectorsOf(expr)) {
        const where = `${rule.name}: ${query}`;
        const labels = known.labelsOf(name);
        if (name !== '') assert.ok(known.names.has(name), where);
        for (const matcher of matchers) {
          if (matcher.name !== '__name__' && labels) assert.ok(labels.has(matcher.name), where);
        }
        assert.ok(longestRangeMs(expr) <= (keptMs.get(name) ?? 900_000), where);
      }
    }
  }
});

test('the rule on a page loads from a rule file and asks the same', () => {
  for (const rule of defaultRules) {
    const [text = ''] = blocks(section(pageOf(rule.name), 'Mute, change or disable'), 'yaml');
    const { groups, problems } = readRuleFile(`${rule.name}.yml`, text);
    assert.deepEqual(problems, []);
    const group = defaultGroups().find((one) => one.rules.some(({ name }) => name === rule.name));
    const wanted = group?.rules.find(({ name }) => name === rule.name);
    const [loaded] = groups.flatMap((one) => one.rules);
    assert.ok(wanted?.kind === 'alerting' && loaded?.kind === 'alerting', rule.name);
    assert.equal(loaded.exprText, wanted.exprText);
    assert.equal(loaded.forMs, wanted.forMs);
    assert.equal(loaded.keepFiringForMs, wanted.keepFiringForMs);
    assert.deepEqual(loaded.labels, wanted.labels);
    assert.equal(loaded.annotations['description'], wanted.annotations['description']);
    assert.equal(groups[0]?.intervalMs, group?.intervalMs);
  }
});

test('the handbook that an alert names is a page of the published package', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  assert.ok(files.some((path) => path === 'docs' || path === 'docs/runbooks'));
  for (const rule of defaultGroups({ watchdog: true }).flatMap((group) => group.rules)) {
    assert.ok(rule.kind === 'alerting');
    const path = rule.annotations['runbook_url']?.replace('node_modules/@geometra/monitoring/', '') ?? '';
    assert.equal(path, `docs/runbooks/${rule.name}.md`);
    assert.ok(existsSync(join(root, path)), path);
  }
});
