import type { DurationExpr } from './ast.ts';
import { isOutOfRange, truncateToMs } from './durations.ts';
import { greaterOf, lesserOf, power } from './go-numbers.ts';

/** Step and range of the query in seconds, the values of `step()` and `range()`. */
export interface QueryTimes {
  readonly step: number;
  readonly range: number;
}

export type Failing = (message: string, expr: DurationExpr) => never;

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
export function msOf(expr: DurationExpr, times: QueryTimes, mayBeNegative: boolean, fail: Failing): number {
  const seconds = secondsOf(expr, times, fail);
  if (!Number.isFinite(seconds)) fail('duration is NaN or infinite', expr);
  if (seconds <= 0 && !mayBeNegative) fail('duration must be greater than 0', expr);
  if (isOutOfRange(seconds)) fail('duration is out of range', expr);
  return truncateToMs(seconds);
}

/** Milliseconds of a duration that is the same in every query; undefined when it is not, or fails. */
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
