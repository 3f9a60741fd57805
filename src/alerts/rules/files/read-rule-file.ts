import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Problem } from '../../../errors.ts';
import { readDocumentedRules } from './documented-format.ts';
import { MapReader } from './map-reader.ts';
import { readPrometheusGroups } from './prometheus-format.ts';
import type { RuleGroup } from '../rule.ts';
import { YamlSource } from './yaml-source.ts';

export interface RuleFileReading {
  readonly groups: readonly RuleGroup[];
  /** Every problem as `file:line:column`; the rule that has it is left out of `groups`, the others are in. */
  readonly problems: readonly Problem[];
}

const hasKey = (node: YAMLMap, key: string): boolean => node.has(key);

function readGroups(source: YamlSource, root: Node): readonly RuleGroup[] {
  if (isSeq(root)) {
    return readDocumentedRules(
      source,
      root.items.map((item) => source.resolve(item as Node)),
    );
  }
  if (isMap(root) && hasKey(root, 'groups')) return readPrometheusGroups(source, root);
  if (isMap(root) && hasKey(root, 'rules')) {
    const reader = MapReader.open(source, root, ['rules'], 'a rule file');
    return reader ? readDocumentedRules(source, reader.list('rules')) : [];
  }
  source.report(root, 'a list of rules, or a map with "rules" or (Prometheus format) "groups"');
  return [];
}

/**
 * Reads a rule file in YAML or JSON: the documented form (a list, or `rules:`) or a Prometheus rule file (`groups:`).
 * An empty file has no rules. Pure; never throws.
 */
export function readRuleFile(path: string, text: string): RuleFileReading {
  const source = new YamlSource(path, text);
  const groups = source.root === undefined ? [] : readGroups(source, source.root);
  return { groups, problems: source.problems };
}
