import { isScalar, type Node } from 'yaml';
import { type AlertRule, categories, type Category } from '../alert-rule.ts';
import { compileDocumentedRule } from '../compile-rule.ts';
import { formatDurationMs } from '../../../promql/syntax/durations.ts';
import { type Located, MapReader } from './map-reader.ts';
import type { AlertingRule, RuleGroup } from '../rule.ts';
import type { RuleBudget } from './rule-budget.ts';
import { refuse, reportProblem } from './rule-problems.ts';
import { shown, type YamlSource } from './yaml-source.ts';

const FIELDS = [
  'name',
  'condition',
  'duration',
  'severity',
  'description',
  'labels',
  'keepFiringFor',
  'runbook',
  'category',
  'interval',
];

function readCategory(reader: MapReader): Category | undefined {
  const found = reader.text('category');
  const category = categories.find((name) => name === found?.value);
  if (found && !category) reader.fail(found.node, `one of ${categories.join(', ')}`, shown(found.value));
  return category;
}

interface Read {
  readonly rule: AlertingRule;
  readonly intervalMs: number | undefined;
}

function readRule(source: YamlSource, node: Node, budget: RuleBudget): Read | undefined {
  const reader = MapReader.open(source, node, FIELDS, 'a rule');
  if (!reader) return undefined;
  const name = reader.requiredText('name', 'a rule');
  const condition = reader.requiredText('condition', 'a rule');
  const durationMs = reader.durationMs('duration');
  const keepFiringForMs = reader.durationMs('keepFiringFor');
  const intervalMs = reader.durationMs('interval');
  const severity = reader.text('severity');
  const description = reader.text('description');
  const runbook = reader.text('runbook');
  const category = readCategory(reader);
  const labels = reader.texts('labels');
  if (!name || !condition || !reader.ok) return undefined;

  const rule: AlertRule = {
    name: name.value,
    condition: condition.value,
    duration: formatDurationMs(durationMs),
    severity: severity?.value ?? '',
    description: description?.value ?? '',
    labels: Object.fromEntries(labels.map(({ key, value }) => [key.value, value.value])),
    keepFiringFor: formatDurationMs(keepFiringForMs),
    ...(runbook && { runbook: runbook.value }),
    ...(category && { category }),
  };
  const texts = [rule.condition, rule.description, ...labels.map(({ value }) => value.value)];
  const chars = texts.reduce((sum, text) => sum + text.length, 0);
  if (refuse(source, reader.node, budget, chars)) return undefined;
  const compiled = compileDocumentedRule(rule, source.where(reader.node));
  budget.add(chars, compiled.ok ? compiled.rule : undefined);
  if (compiled.ok) return { rule: compiled.rule, intervalMs: intervalMs === 0 ? undefined : intervalMs };
  const byField: Readonly<Record<string, Located<string> | undefined>> = {
    condition,
    'labels.severity': severity,
    'annotations.description': description,
    'annotations.runbook_url': runbook,
    ...Object.fromEntries(labels.map(({ key, value }) => [`labels.${key.value}`, value])),
  };
  for (const found of compiled.problems) {
    reportProblem(source, found, (field) => byField[field]?.node ?? reader.node);
  }
  return undefined;
}

/**
 * Rules in the documented form, grouped by their interval: rules with the same interval are evaluated together, in the
 * order of the file.
 */
export function readDocumentedRules(
  source: YamlSource,
  items: readonly Node[],
  budget: RuleBudget,
): readonly RuleGroup[] {
  const groups = new Map<number | undefined, AlertingRule[]>();
  for (const item of items) {
    if (isScalar(item) && item.value === null) continue;
    const read = readRule(source, item, budget);
    if (!read) continue;
    const rules = groups.get(read.intervalMs);
    if (rules) rules.push(read.rule);
    else groups.set(read.intervalMs, [read.rule]);
  }
  return [...groups].map(([intervalMs, rules]) => ({
    name: intervalMs === undefined ? 'rules' : `rules every ${formatDurationMs(intervalMs)}`,
    file: source.path,
    origin: 'file',
    intervalMs,
    limit: 0,
    queryOffsetMs: 0,
    rules,
  }));
}
