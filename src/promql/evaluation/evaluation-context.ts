import type { Annotations } from './annotations.ts';
import type { Extension, Node, ValueType, VectorSelector } from '../syntax/ast.ts';
import type { Budget, BudgetSettings } from './budget.ts';
import type { Span } from '../syntax/position.ts';
import type { Sample, Vector } from './sample.ts';
import type { Window } from './ranges/window.ts';

/** The settings of one evaluation, all decided. */
export interface EvaluationSettings extends BudgetSettings {
  readonly lookbackMs: number;
  readonly subqueryStepMs: number;
  readonly useStartTimestamps: boolean;
  /** First and last time and step of the query; an instant query has one time and step 0. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** A range vector at one time: the samples of each series within `(startMs, endMs]`. */
export interface RangeVector {
  readonly windows: readonly Window[];
  readonly startMs: number;
  readonly endMs: number;
  /** Set where the windows reach beyond the range by the lookback. */
  readonly extended?: Extension | undefined;
}

/** A sample of an instant selector with its own time. */
export interface TimedSample extends Sample {
  readonly timeMs: number;
  /** Start of its cumulative count, 0 when unknown. */
  readonly startMs: number;
}

/** What operators, aggregations and functions see of the evaluation that they are part of. */
export interface EvaluationContext {
  readonly settings: EvaluationSettings;
  readonly annotations: Annotations;
  typeOf(node: Node): ValueType;
  scalar(node: Node, timeMs: number): number;
  vector(node: Node, timeMs: number): Vector;
  rangeVector(node: Node, timeMs: number): RangeVector;
  /** The newest sample of each series within the lookback, with its own time. */
  timed(selector: VectorSelector, timeMs: number): readonly TimedSample[];
  readonly budget: Budget;
  /** Ends the evaluation with a `PromqlError`. */
  fail(message: string, span: Span): never;
}
