import type { Node } from 'yaml';
import { compileAlertingRule, compileRecordingRule } from '../compile-rule.ts';
import { type Located, MapReader } from './map-reader.ts';
import type { Rule, RuleGroup } from '../rule.ts';
import type { RuleBudget } from './rule-budget.ts';
import { refuse, reportProblem } from './rule-problems.ts';
import { shown, type YamlSource } from './yaml-source.ts';

const GROUP_FIELDS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
const RULE_FIELDS = ['alert', 'record', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const ONLY_ALERTING = ['for', 'keep_firing_for', 'annotations'];

type Texts = readonly { readonly key: Located<string>; readonly value: Located<string> }[];

const toRecord = (texts: Texts): Record<string, string> =>
  Object.fromEntries(texts.map(({ key, value }) => [key.value, value.value]));

function readName(reader: MapReader): { readonly alert?: string; readonly record?: string } | undefined {
  const alert = reader.text('alert');
  const record = reader.text('record');
  if (alert && record) {
    reader.fail(reader.keyNode('record'), 'either alert or record', 'both');
    return undefined;
  }
  if (alert) return { alert: alert.value };
  if (record) return { record: record.value };
  if (reader.ok) reader.fail(reader.node, 'a rule with alert or record', 'neither');
  return undefined;
}

function readRule(source: YamlSource, node: Node, groupLabels: Texts, budget: RuleBudget): Rule | undefined {
  const reader = MapReader.open(source, node, RULE_FIELDS, 'a rule');
  if (!reader) return undefined;
  const name = readName(reader);
  const expr = reader.requiredText('expr', 'a rule');
  const forMs = reader.durationMs('for');
  const keepFiringForMs = reader.durationMs('keep_firing_for');
  const labels = reader.texts('labels');
  const annotations = reader.texts('annotations');
  if (name?.record !== undefined) {
    for (const field of ONLY_ALERTING) {
      if (reader.has(field)) reader.fail(reader.keyNode(field), 'a recording rule without this field', field);
    }
  }
  if (!name || !expr || !reader.ok) return undefined;

  const texts = [expr, ...[...groupLabels, ...labels, ...annotations].map(({ value }) => value)];
  const chars = texts.reduce((sum, { value }) => sum + value.length, 0);
  if (refuse(source, reader.node, budget, chars)) return undefined;

  const common = {
    expr: expr.value,
    labels: { ...toRecord(groupLabels), ...toRecord(labels) },
    where: source.where(reader.node),
  };
  const compiled =
    name.alert === undefined
      ? compileRecordingRule({ ...common, name: name.record ?? '' })
      : compileAlertingRule({
          ...common,
          name: name.alert,
          forMs,
          keepFiringForMs,
          annotations: toRecord(annotations),
        });
  budget.add(chars, compiled.ok ? compiled.rule : undefined);
  if (compiled.ok) return compiled.rule;
  const byField = new Map<string, Node>([
    ['condition', expr.node],
    ['record', reader.keyNode('record')],
  ]);
  for (const { key, value } of [...groupLabels, ...labels]) byField.set(`labels.${key.value}`, value.node);
  for (const { key, value } of annotations) byField.set(`annotations.${key.value}`, value.node);
  for (const found of compiled.problems) {
    reportProblem(source, found, (field) => byField.get(field) ?? reader.node);
  }
  return undefined;
}

function readGroup(
  source: YamlSource,
  node: Node,
  names: Set<string>,
  budget: RuleBudget,
): RuleGroup | undefined {
  const reader = MapReader.open(source, node, GROUP_FIELDS, 'a group');
  if (!reader) return undefined;
  const name = reader.requiredText('name', 'a group');
  if (name && names.has(name.value)) {
    reader.fail(name.node, 'a group name that is unique in the file', shown(name.value));
  }
  if (name) names.add(name.value);
  const intervalMs = reader.durationMs('interval');
  const queryOffsetMs = reader.durationMs('query_offset');
  const limit = reader.count('limit');
  const labels = reader.texts('labels');
  const items = reader.list('rules');
  // A rule with a problem is left out; a group with one has no rules that one could trust.
  if (!name || !reader.ok) return undefined;
  const rules = items
    .map((item) => readRule(source, item, labels, budget))
    .filter((rule) => rule !== undefined);
  return {
    name: name.value,
    file: source.path,
    origin: 'file',
    intervalMs: intervalMs === 0 ? undefined : intervalMs,
    limit,
    queryOffsetMs,
    rules,
  };
}

/** The groups of a Prometheus rule file, as strict as Prometheus (model/rulefmt/rulefmt.go). */
export function readPrometheusGroups(
  source: YamlSource,
  node: Node,
  budget: RuleBudget,
): readonly RuleGroup[] {
  const reader = MapReader.open(source, node, ['groups'], 'a rule file');
  if (!reader) return [];
  const names = new Set<string>();
  return reader
    .list('groups')
    .map((item) => readGroup(source, item, names, budget))
    .filter((group) => group !== undefined);
}
