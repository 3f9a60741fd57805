import type { Queryable } from '../samples/queryable.ts';
import type { Expr } from './ast.ts';
import type { Evaluation, MatrixValue } from './value.ts';

export interface EvaluationOptions {
  /** How old the newest sample of a series may be for an instant selector. Default 5 minutes, as Prometheus. */
  readonly lookbackMs?: number;
  /** Step of a subquery that names none: the interval of the rule group. Default 1 minute. */
  readonly subqueryStepMs?: number;
  /**
   * Counters count from 0 at their start timestamp, so that the first increment of a new series is seen (Prometheus'
   * feature use-start-timestamps). Default true.
   */
  readonly useStartTimestamps?: boolean;
  /** Samples that one evaluation may load; beyond it fails. Default 50 million, as Prometheus. */
  readonly maxSamples?: number;
}

/** The value of an expression at one time. Throws `PromqlError` of kind "evaluation". */
export function evaluateInstant(
  _expr: Expr,
  _queryable: Queryable,
  _timeMs: number,
  _options: EvaluationOptions = {},
): Evaluation {
  return { value: { kind: 'vector', samples: [] }, annotations: [] };
}

/** The values of an expression at `fromMs`, `fromMs + stepMs`, … up to `toMs`. */
export function evaluateRange(
  _expr: Expr,
  _queryable: Queryable,
  _fromMs: number,
  _toMs: number,
  _stepMs: number,
  _options: EvaluationOptions = {},
): Evaluation<MatrixValue> {
  return { value: { kind: 'matrix', series: [] }, annotations: [] };
}
