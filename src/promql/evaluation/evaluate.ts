import { Labels } from '../../samples/labels.ts';
import type { Queryable } from '../../samples/queryable.ts';
import type { Expr } from '../syntax/ast.ts';
import { unparen } from '../syntax/ast.ts';
import { resolveDurations } from './resolve-durations.ts';
import type { EvaluationSettings } from './evaluation-context.ts';
import { Evaluator } from './evaluator.ts';
import { withEnds } from './ranges/extended-range.ts';
import { PromqlError } from '../syntax/promql-error.ts';
import type { Vector } from './sample.ts';
import type { Evaluation, MatrixPoint, MatrixSeries, MatrixValue, Value, VectorSample } from './value.ts';

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
  /**
   * Samples that one evaluation may keep at a time; beyond it fails. Default 5 million: Prometheus' 50 would not fit into
   * the memory of a worker.
   */
  readonly maxSamples?: number;
  /** Characters of labels that one evaluation may build (label_replace, group_left and the like). Default 64 million. */
  readonly maxLabelChars?: number;
  /** How long one evaluation may take, milliseconds. Default 10 seconds, since all rules wait for it. */
  readonly timeoutMs?: number;
  /** The clock of the timeout; default `performance.now`. */
  readonly now?: () => number;
}

const DEFAULT_LOOKBACK_MS = 300_000; // 5 minutes, Prometheus' query.lookback-delta
const DEFAULT_SUBQUERY_STEP_MS = 60_000; // 1 minute, Prometheus' global evaluation_interval
const DEFAULT_MAX_SAMPLES = 5_000_000;
const DEFAULT_MAX_LABEL_CHARS = 64_000_000;
const DEFAULT_TIMEOUT_MS = 10_000;

function settingsOf(
  options: EvaluationOptions,
  fromMs: number,
  toMs: number,
  stepMs: number,
): EvaluationSettings {
  return {
    lookbackMs: options.lookbackMs ?? DEFAULT_LOOKBACK_MS,
    subqueryStepMs: options.subqueryStepMs ?? DEFAULT_SUBQUERY_STEP_MS,
    useStartTimestamps: options.useStartTimestamps ?? true,
    maxSamples: options.maxSamples ?? DEFAULT_MAX_SAMPLES,
    maxLabelChars: options.maxLabelChars ?? DEFAULT_MAX_LABEL_CHARS,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    now: options.now ?? performance.now.bind(performance),
    fromMs,
    toMs,
    stepMs,
  };
}

/** Drops the names that are to go, and fails where two samples then have the same labels. */
function finish(evaluator: Evaluator, expr: Expr, vector: Vector): VectorSample[] {
  const seen = new Set<string>();
  return vector.map(({ labels, value, dropName }) => {
    const final = dropName ? labels.withoutName : labels;
    if (seen.has(final.key)) {
      evaluator.fail('vector cannot contain metrics with the same labelset', expr.root);
    }
    seen.add(final.key);
    return { labels: final, value };
  });
}

function rangeValue(evaluator: Evaluator, expr: Expr, timeMs: number): MatrixValue {
  const range = evaluator.rangeVector(expr.root, timeMs);
  const { lookbackMs } = evaluator.settings;
  const windows =
    range.extended === undefined
      ? range.windows
      : range.windows.flatMap((window) => withEnds(window, range, lookbackMs) ?? []);
  const series = windows.map(({ labels, dropName, times, values, from, to }) => ({
    labels: dropName ? labels.withoutName : labels,
    points: Array.from({ length: to - from }, (_, i): MatrixPoint => ({
      timeMs: times[from + i]!,
      value: values[from + i]!,
    })),
  }));
  return { kind: 'matrix', series };
}

function instantValue(evaluator: Evaluator, expr: Expr, timeMs: number): Value {
  switch (expr.type) {
    case 'scalar':
      return { kind: 'scalar', value: evaluator.scalar(expr.root, timeMs) };
    case 'string': {
      const literal = unparen(expr.root);
      return { kind: 'string', value: literal.kind === 'string' ? literal.value : '' };
    }
    case 'vector':
      return { kind: 'vector', samples: finish(evaluator, expr, evaluator.vector(expr.root, timeMs)) };
    case 'matrix':
      return rangeValue(evaluator, expr, timeMs);
  }
}

/** The value of an expression at one time. Throws `PromqlError` of kind "evaluation". */
export function evaluateInstant(
  expr: Expr,
  queryable: Queryable,
  timeMs: number,
  options: EvaluationOptions = {},
): Evaluation {
  const resolved = resolveDurations(expr, 0, 0);
  const evaluator = new Evaluator(resolved, queryable, settingsOf(options, timeMs, timeMs, 0));
  return { value: instantValue(evaluator, resolved, timeMs), annotations: evaluator.annotations.list() };
}

/** One step of a range query: a scalar is a series without labels. */
function stepValue(evaluator: Evaluator, expr: Expr, timeMs: number): readonly VectorSample[] {
  if (expr.type === 'vector') return finish(evaluator, expr, evaluator.vector(expr.root, timeMs));
  return [{ labels: Labels.empty, value: evaluator.scalar(expr.root, timeMs) }];
}

/** Refuses what makes no range query, whatever the samples. */
function checkRange(expr: Expr, stepMs: number): void {
  if (expr.type === 'matrix' || expr.type === 'string') {
    const got = expr.type === 'matrix' ? 'range vector' : 'string';
    const message = `invalid expression type "${got}" for range query, must be Scalar or instant Vector`;
    throw new PromqlError('request', message, expr.text, expr.root);
  }
  if (!(stepMs > 0)) {
    const message = 'zero or negative query resolution step widths are not accepted';
    throw new PromqlError('request', message, expr.text, expr.root);
  }
}

/**
 * The values of an expression at `fromMs`, `fromMs + stepMs`, … up to `toMs`, series ordered by labels. Throws
 * `PromqlError` of kind "evaluation", and of kind "request" when the expression is neither a scalar nor an instant vector.
 */
export function evaluateRange(
  expr: Expr,
  queryable: Queryable,
  fromMs: number,
  toMs: number,
  stepMs: number,
  options: EvaluationOptions = {},
): Evaluation<MatrixValue> {
  checkRange(expr, stepMs);
  const resolved = resolveDurations(expr, stepMs, toMs - fromMs);
  const evaluator = new Evaluator(resolved, queryable, settingsOf(options, fromMs, toMs, stepMs));
  const byKey = new Map<string, { readonly labels: Labels; readonly points: MatrixPoint[] }>();
  for (let timeMs = fromMs; timeMs <= toMs; timeMs += stepMs) {
    const samples = stepValue(evaluator, resolved, timeMs);
    evaluator.budget.hold(samples.length, resolved.root);
    for (const sample of samples) {
      let series = byKey.get(sample.labels.key);
      if (series === undefined) {
        series = { labels: sample.labels, points: [] };
        byKey.set(sample.labels.key, series);
      }
      series.points.push({ timeMs, value: sample.value });
    }
  }
  const series: MatrixSeries[] = [...byKey.values()].sort((a, b) => Labels.compare(a.labels, b.labels));
  return { value: { kind: 'matrix', series }, annotations: evaluator.annotations.list() };
}
