import { stringify } from 'yaml';
import type { AlertRule } from '../alert-rule.ts';
import { prometheusFields } from '../compile-rule.ts';
import { formatDurationMs } from '../../../promql/syntax/durations.ts';
import type { Rule, RuleGroup } from '../rule.ts';

type Fields = Record<string, unknown>;

const whenFilled = (name: string, values: Readonly<Record<string, string>>): Fields =>
  Object.keys(values).length > 0 ? { [name]: values } : {};

const whenSet = (name: string, valueMs: number): Fields =>
  valueMs > 0 ? { [name]: formatDurationMs(valueMs) } : {};

function ruleFields(rule: Rule): Fields {
  const labels = whenFilled('labels', rule.labels);
  if (rule.kind === 'recording') return { record: rule.name, expr: rule.exprText, ...labels };
  return {
    alert: rule.name,
    expr: rule.exprText,
    ...whenSet('for', rule.forMs),
    ...whenSet('keep_firing_for', rule.keepFiringForMs),
    ...labels,
    ...whenFilled('annotations', rule.annotations),
  };
}

function write(groups: readonly Fields[]): string {
  return stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Writes groups as a Prometheus rule file, so that the same rules run on Prometheus, Mimir or Thanos. */
export function groupsToPrometheus(groups: readonly RuleGroup[]): string {
  const names = new Map<string, number>();
  return write(
    groups.map((group) => {
      // A file must not name two groups alike, but groups of two files may have one name.
      const count = (names.get(group.name) ?? 0) + 1;
      names.set(group.name, count);
      return {
        name: count === 1 ? group.name : `${group.name} (${count})`,
        ...whenSet('interval', group.intervalMs ?? 0),
        ...whenSet('query_offset', group.queryOffsetMs),
        ...(group.limit > 0 && { limit: group.limit }),
        rules: group.rules.map(ruleFields),
      };
    }),
  );
}

/** Writes rules of the documented form as one group of a Prometheus rule file. */
export function toPrometheusRules(rules: readonly AlertRule[], groupName = 'rules'): string {
  const fields = rules.map((rule) => {
    const { labels, annotations } = prometheusFields(rule);
    return {
      alert: rule.name,
      expr: rule.condition,
      ...(rule.duration !== '' && { for: rule.duration }),
      ...(rule.keepFiringFor !== undefined && { keep_firing_for: rule.keepFiringFor }),
      ...whenFilled('labels', labels),
      ...whenFilled('annotations', annotations),
    };
  });
  return write([{ name: groupName, rules: fields }]);
}
