import { greaterOf, lesserOf, power } from './matching/binary-operators.ts';
import type { DurationExpr, Expr, Node } from '../syntax/ast.ts';
import { walk } from '../syntax/ast.ts';
import { isOutOfRange, truncateToMs } from '../syntax/durations.ts';
import { mapNodes } from '../syntax/map-nodes.ts';
import { PromqlError } from '../syntax/promql-error.ts';

/** Step and range of the query in seconds, which `step()` and `range()` stand for. */
interface QueryTimes {
  readonly step: number;
  readonly range: number;
}

type Failing = (message: string, expr: DurationExpr) => never;

function secondsOf(expr: DurationExpr, times: QueryTimes, fail: Failing): number {
  switch (expr.kind) {
    case 'seconds':
      return expr.value;
    case 'sign':
      return expr.op === '-' ? -secondsOf(expr.expr, times, fail) : secondsOf(expr.expr, times, fail);
    case 'paren':
      return secondsOf(expr.expr, times, fail);
    case 'step':
    case 'range':
      return times[expr.kind];
    case 'min_of':
      return lesserOf(secondsOf(expr.left, times, fail), secondsOf(expr.right, times, fail));
    case 'max_of':
      return greaterOf(secondsOf(expr.left, times, fail), secondsOf(expr.right, times, fail));
    case 'operation':
      return operate(expr, secondsOf(expr.left, times, fail), secondsOf(expr.right, times, fail), fail);
  }
}

function operate(
  expr: Extract<DurationExpr, { kind: 'operation' }>,
  left: number,
  right: number,
  fail: Failing,
): number {
  switch (expr.op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? fail('division by zero', expr) : left / right;
    case '%':
      return right === 0 ? fail('modulo by zero', expr) : left % right;
    case '^':
      return power(left, right);
  }
}

/** Milliseconds of a computed duration (promql/durations.go, calculateDuration). */
function msOf(expr: DurationExpr, times: QueryTimes, mayBeNegative: boolean, fail: Failing): number {
  const seconds = secondsOf(expr, times, fail);
  if (!Number.isFinite(seconds)) fail('duration is NaN or infinite', expr);
  if (seconds <= 0 && !mayBeNegative) fail('duration must be greater than 0', expr);
  if (isOutOfRange(seconds)) fail('duration is out of range', expr);
  return truncateToMs(seconds);
}

/** Milliseconds of a duration that says the same in every query, undefined when it does not, or fails. */
export function constantMs(expr: DurationExpr, mayBeNegative: boolean): number | undefined {
  const unknown = { step: Number.NaN, range: Number.NaN };
  try {
    return msOf(expr, unknown, mayBeNegative, () => {
      throw new RangeError('not constant');
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

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
