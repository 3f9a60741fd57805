import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Problem } from '../../../errors.ts';
import { readDocumentedRules } from './documented-format.ts';
import { MapReader } from './map-reader.ts';
import { readPrometheusGroups } from './prometheus-format.ts';
import type { RuleGroup } from '../rule.ts';
import { RuleBudget } from './rule-budget.ts';
import { scalarText, YamlSource } from './yaml-source.ts';

export interface RuleFileReading {
  readonly groups: readonly RuleGroup[];
  /** Every problem as `file:line:column`; the rule that has it is left out of `groups`, the others are in. */
  readonly problems: readonly Problem[];
}

function readGroups(source: YamlSource, root: Node, budget: RuleBudget): readonly RuleGroup[] {
  const hasKey = (node: YAMLMap, name: string): boolean =>
    source.entries(node).some(({ key }) => scalarText(key) === name);
  if (isSeq(root)) {
    return readDocumentedRules(
      source,
      root.items.map((item) => source.resolve(item as Node)),
      budget,
    );
  }
  if (isMap(root) && hasKey(root, 'groups')) return readPrometheusGroups(source, root, budget);
  if (isMap(root) && hasKey(root, 'rules')) {
    const reader = MapReader.open(source, root, ['rules'], 'a rule file');
    return reader ? readDocumentedRules(source, reader.list('rules'), budget) : [];
  }
  source.report(root, 'a list of rules, or a map with "rules" or (Prometheus format) "groups"');
  return [];
}

/**
 * Reads a rule file in YAML or JSON: the documented form (a list, or `rules:`) or a Prometheus rule file (`groups:`).
 * An empty file has no rules. `budget` is that of all files that are loaded together. Pure; never throws.
 */
export function readRuleFile(
  path: string,
  content: string | Uint8Array,
  budget: RuleBudget = new RuleBudget(),
): RuleFileReading {
  const source = new YamlSource(path, content);
  const groups = source.root === undefined ? [] : readGroups(source, source.root, budget);
  return { groups, problems: source.problems };
}
