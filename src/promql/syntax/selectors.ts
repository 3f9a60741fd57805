import type { AtModifier, Expr, Node, VectorSelector } from './ast.ts';
import { childrenOf, walk } from './ast.ts';

/** All vector selectors of an expression in the order of the text: metric names, matchers, positions. */
export function selectorsOf(expr: Expr): readonly VectorSelector[] {
  return [...walk(expr.root)].filter((node) => node.kind === 'vector-selector');
}

const DEFAULT_LOOKBACK_MS = 300_000; // 5 minutes, Prometheus' query.lookback-delta

/** How far back a node reads, milliseconds. A fixed `@` time reaches no definite way back and counts as the present. */
export function reachOf(node: Node, lookbackMs: number): number {
  switch (node.kind) {
    case 'vector-selector':
      return offsetOf(node) + lookbackMs;
    case 'matrix-selector':
      return offsetOf(node.selector) + node.rangeMs + (node.selector.extended === undefined ? 0 : lookbackMs);
    case 'subquery':
      // The first step of a subquery may lie up to one step before its range.
      return offsetOf(node) + node.rangeMs + node.stepMs + reachOf(node.expr, lookbackMs);
    case 'number':
    case 'string':
    case 'call':
    case 'aggregate':
    case 'binary':
    case 'unary':
    case 'paren':
      return Math.max(0, ...childrenOf(node).map((child) => reachOf(child, lookbackMs)));
  }
}

function offsetOf({
  offsetMs,
  at,
}: {
  readonly offsetMs: number;
  readonly at: AtModifier | undefined;
}): number {
  return at?.kind === 'time' ? 0 : Math.max(0, offsetMs);
}

/**
 * How far before the time of evaluation samples are needed, milliseconds: ranges, offsets and lookback along the
 * deepest path. Sizes the sample store.
 */
export function longestRangeMs(expr: Expr, lookbackMs = DEFAULT_LOOKBACK_MS): number {
  return reachOf(expr.root, lookbackMs);
}
