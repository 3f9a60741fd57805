import type { Node, VectorSelector } from '../../../src/promql/syntax/ast.ts';
import { mapNodes } from '../../../src/promql/syntax/map-nodes.ts';
import { parse } from '../../../src/promql/index.ts';
import { metricsOfCatalogue } from '../../../src/cli/lint/known-metrics.ts';

const known = metricsOfCatalogue();
/** On every series in Prometheus. */
const OF_PROMETHEUS = ['job', 'instance'];

export interface PromqlNames {
  readonly selectors: readonly VectorSelector[];
  /** Labels that aggregations keep. */
  readonly grouping: readonly string[];
}

/** Parses a PromQL query. Throws a `PromqlError` with the place. */
export function namesInPromql(query: string): PromqlNames {
  const selectors: VectorSelector[] = [];
  const grouping: string[] = [];
  mapNodes(parse(query).root, (node: Node) => {
    if (node.kind === 'vector-selector') selectors.push(node);
    if (node.kind === 'aggregate') grouping.push(...node.grouping);
    return node;
  });
  return { selectors, grouping };
}

/** What a query names that is not documented: metrics, labels, boundaries of buckets. Empty when all is well. */
export function undocumented(query: string): readonly string[] {
  const faults: string[] = [];
  const { selectors, grouping } = namesInPromql(query);
  const allLabels = new Set(OF_PROMETHEUS);
  let isOpen = false;
  for (const { name, matchers } of selectors) {
    if (!known.names.has(name)) {
      faults.push(`no metric ${name}`);
      continue;
    }
    const labels = known.labelsOf(name);
    isOpen ||= labels === undefined;
    for (const label of labels ?? []) allLabels.add(label);
    for (const matcher of matchers) {
      if (matcher.name === '__name__' || labels === undefined || OF_PROMETHEUS.includes(matcher.name))
        continue;
      if (!labels.has(matcher.name)) faults.push(`${name} has no label ${matcher.name}`);
    }
  }
  if (!isOpen)
    faults.push(...grouping.filter((label) => !allLabels.has(label)).map((label) => `no label ${label}`));
  return faults;
}
