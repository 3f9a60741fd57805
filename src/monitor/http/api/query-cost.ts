import { type AtModifier, type Expr, type Node, walk } from '../../../promql/syntax/ast.ts';
import { childrenOf } from '../../../promql/syntax/ast.ts';
import { resolveDurations } from '../../../promql/evaluation/resolve-durations.ts';
import { mapNodes } from '../../../promql/syntax/map-nodes.ts';

/**
 * How many nodes one step of an expression evaluates: subqueries multiply. Samples are counted by the evaluator itself;
 * this bounds what loads none, such as `count_over_time(vector(1)[1y:1ms])`.
 */
export function nodesPerStep(node: Node, subqueryStepMs: number): number {
  const inner = childrenOf(node).reduce((sum, child) => sum + nodesPerStep(child, subqueryStepMs), 0);
  if (node.kind !== 'subquery') return 1 + inner;
  return 1 + inner * Math.ceil(node.rangeMs / (node.stepMs === 0 ? subqueryStepMs : node.stepMs));
}

/** The same expression with the bounds of the query written into it, so that any part of its steps gives the same values. */
export function fixBounds(expr: Expr, fromMs: number, toMs: number, stepMs: number): Expr {
  const resolved = resolveDurations(expr, stepMs, toMs - fromMs);
  const isBound = (node: Node): boolean =>
    'at' in node && (node.at?.kind === 'start' || node.at?.kind === 'end');
  if (![...walk(resolved.root)].some(isBound)) return resolved;
  const fixed = (at: AtModifier | undefined): AtModifier | undefined => {
    if (at === undefined || at.kind === 'time') return at;
    return { kind: 'time', timeMs: at.kind === 'start' ? fromMs : toMs };
  };
  const root = mapNodes(resolved.root, (node) => ('at' in node ? { ...node, at: fixed(node.at) } : node));
  return { ...resolved, root };
}
