import type { DurationExpr, Expr, Node } from '../syntax/ast.ts';
import { walk } from '../syntax/ast.ts';
import { constantMs, type Failing, msOf, type QueryTimes } from '../syntax/duration-expr.ts';
import { mapNodes } from '../syntax/map-nodes.ts';
import { PromqlError } from '../syntax/promql-error.ts';

const resolved = new WeakMap<Expr, Map<string, Expr>>();

/** True when a duration is written that only the query can compute, or that fails. */
function hasOpenDuration(root: Node): boolean {
  const isOpen = (expr: DurationExpr | undefined, mayBeNegative: boolean): boolean =>
    expr !== undefined && constantMs(expr, mayBeNegative) === undefined;
  return [...walk(root)].some((node) => {
    switch (node.kind) {
      case 'vector-selector':
        return isOpen(node.offsetExpr, true);
      case 'matrix-selector':
        return isOpen(node.rangeExpr, false);
      case 'subquery':
        return isOpen(node.rangeExpr, false) || isOpen(node.stepExpr, false) || isOpen(node.offsetExpr, true);
      case 'number':
      case 'string':
      case 'call':
      case 'aggregate':
      case 'binary':
      case 'unary':
      case 'paren':
        return false;
    }
  });
}

function compute(expr: Expr, times: QueryTimes): Expr {
  const fail: Failing = (message, at) => {
    throw new PromqlError('request', message, expr.text, at);
  };
  const range = (duration: DurationExpr | undefined, ms: number): number =>
    duration === undefined ? ms : msOf(duration, times, false, fail);
  const offset = (duration: DurationExpr | undefined, ms: number): number =>
    duration === undefined ? ms : msOf(duration, times, true, fail);
  const root = mapNodes(expr.root, (node) => {
    if (node.kind === 'vector-selector') {
      return { ...node, offsetMs: offset(node.offsetExpr, node.offsetMs) };
    }
    if (node.kind === 'matrix-selector') return { ...node, rangeMs: range(node.rangeExpr, node.rangeMs) };
    if (node.kind !== 'subquery') return node;
    return {
      ...node,
      rangeMs: range(node.rangeExpr, node.rangeMs),
      stepMs: range(node.stepExpr, node.stepMs),
      offsetMs: offset(node.offsetExpr, node.offsetMs),
    };
  });
  return { ...expr, root };
}

const MAX_KEPT = 16;

/**
 * The expression with every computed duration as a number, for a query with this step and range (milliseconds). The
 * same expression when there is nothing to compute; else kept, so that its nodes are the same from one evaluation to
 * the next. Throws `PromqlError`.
 */
export function resolveDurations(expr: Expr, stepMs: number, rangeMs: number): Expr {
  let known = resolved.get(expr);
  if (known === undefined) {
    known = new Map();
    resolved.set(expr, known);
    if (!hasOpenDuration(expr.root)) known.set('any', expr);
  }
  const key = `${stepMs} ${rangeMs}`;
  const found = known.get('any') ?? known.get(key);
  if (found !== undefined) return found;
  const computed = compute(expr, { step: stepMs / 1000, range: rangeMs / 1000 });
  if (known.size >= MAX_KEPT) known.clear();
  known.set(key, computed);
  return computed;
}
