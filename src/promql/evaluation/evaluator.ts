// Hot path: one call of `vector`, `scalar` or `rangeVector` per node and step. Series are selected once per evaluation.
import type { Queryable, SeriesView } from '../../samples/queryable.ts';
import { valueBetween } from './ranges/extended-range.ts';
import { evaluateAggregate } from './aggregation/aggregate.ts';
import { Annotations } from './annotations.ts';
import { Budget } from './budget.ts';
import type {
  AtModifier,
  Expr,
  MatrixSelector,
  Node,
  Subquery,
  ValueType,
  VectorSelector,
} from '../syntax/ast.ts';
import { isTrim, unparen } from '../syntax/ast.ts';
import { evaluateBinaryScalar, evaluateBinaryVector } from './matching/binary.ts';
import type {
  EvaluationContext,
  EvaluationSettings,
  RangeVector,
  TimedSample,
} from './evaluation-context.ts';
import { callScalar, callVector } from '../functions/call.ts';
import type { Span } from '../syntax/position.ts';
import { PromqlError } from '../syntax/promql-error.ts';
import type { Sample, Vector } from './sample.ts';
import { reachOf } from '../syntax/selectors.ts';
import { SubqueryRunner } from './ranges/subquery.ts';
import { typeOf } from '../syntax/type-of.ts';
import { indexAfter, type Window, windowOf } from './ranges/window.ts';

/** Evaluates the nodes of one expression over one source of samples, at any number of times. */
export class Evaluator implements EvaluationContext {
  readonly settings: EvaluationSettings;
  readonly annotations: Annotations;
  readonly budget: Budget;
  readonly #expr: Expr;
  readonly #queryable: Queryable;
  readonly #selected = new Map<VectorSelector, readonly SeriesView[]>();
  readonly #subqueries = new Map<Subquery, SubqueryRunner>();

  constructor(expr: Expr, queryable: Queryable, settings: EvaluationSettings) {
    this.settings = settings;
    this.annotations = new Annotations(expr.text);
    this.budget = new Budget(settings, (message, span) => this.fail(message, span));
    this.#expr = expr;
    this.#queryable = queryable;
  }

  fail(message: string, span: Span): never {
    throw new PromqlError('evaluation', message, this.#expr.text, span);
  }

  typeOf(node: Node): ValueType {
    return typeOf(node);
  }

  scalar(node: Node, timeMs: number): number {
    switch (node.kind) {
      case 'number':
        return node.value;
      case 'paren':
        return this.scalar(node.expr, timeMs);
      case 'unary':
        return node.op === '-' ? -this.scalar(node.expr, timeMs) : this.scalar(node.expr, timeMs);
      case 'binary':
        if (isTrim(node.op)) this.fail(`operator "${node.op}" not allowed for Scalar operations`, node);
        return evaluateBinaryScalar(node, this.scalar(node.left, timeMs), this.scalar(node.right, timeMs));
      case 'call':
        this.budget.work(10, node);
        return callScalar(this, node, timeMs);
      case 'string':
      case 'vector-selector':
      case 'matrix-selector':
      case 'subquery':
      case 'aggregate':
        return this.fail('expected a scalar', node);
    }
  }

  vector(node: Node, timeMs: number): Vector {
    switch (node.kind) {
      case 'vector-selector':
        return this.#instant(node, timeMs);
      case 'paren':
        return this.vector(node.expr, timeMs);
      case 'unary':
        return this.#unary(node.op, this.vector(node.expr, timeMs));
      case 'binary':
        return this.#counted(evaluateBinaryVector(this, node, timeMs), node);
      case 'aggregate':
        return this.#counted(evaluateAggregate(this, node, timeMs), node);
      case 'call':
        return this.#counted(callVector(this, node, timeMs), node);
      case 'number':
      case 'string':
      case 'matrix-selector':
      case 'subquery':
        return this.fail('expected an instant vector', node);
    }
  }

  rangeVector(node: Node, timeMs: number): RangeVector {
    const inner = unparen(node);
    if (inner.kind === 'matrix-selector') return this.#range(inner, timeMs);
    if (inner.kind === 'subquery') return this.#subquery(inner, timeMs);
    return this.fail('expected a range vector', node);
  }

  /** The time that a selector or subquery reads at, with its `@` and offset. */
  timeOf(
    { at, offsetMs }: { readonly at: AtModifier | undefined; readonly offsetMs: number },
    timeMs: number,
  ): number {
    switch (at?.kind) {
      case undefined:
        return timeMs - offsetMs;
      case 'time':
        return at.timeMs - offsetMs;
      case 'start':
        return this.settings.fromMs - offsetMs;
      case 'end':
        return this.settings.toMs - offsetMs;
    }
  }

  /** The newest sample of each series within the lookback, with its own time. */
  timed(selector: VectorSelector, timeMs: number): TimedSample[] {
    const samples: TimedSample[] = [];
    this.#eachNewest(selector, timeMs, (view, index) => {
      const startMs = view.startAt(index);
      samples.push({
        labels: view.labels,
        value: view.values[index]!,
        dropName: false,
        timeMs: view.times[index]!,
        startMs,
      });
    });
    return samples;
  }

  #instant(selector: VectorSelector, timeMs: number): Vector {
    if (selector.extended === 'smoothed') return this.#smoothed(selector, timeMs);
    const samples: Sample[] = [];
    this.#eachNewest(selector, timeMs, (view, index) => {
      samples.push({ labels: view.labels, value: view.values[index]!, dropName: false });
    });
    return samples;
  }

  /** Every result counts as work, so that no expression without selectors runs on beyond its time. */
  #counted(vector: Vector, node: Node): Vector {
    this.budget.work(vector.length + 10, node);
    return vector;
  }

  /** The value of each series on the line between the samples around the time. */
  #smoothed(selector: VectorSelector, timeMs: number): Vector {
    const atMs = this.timeOf(selector, timeMs);
    const { lookbackMs } = this.settings;
    const samples: Sample[] = [];
    for (const view of this.#select(selector)) {
      const window = windowOf(view, atMs - lookbackMs, atMs + lookbackMs, false);
      const value = window === undefined ? undefined : valueBetween(window, atMs);
      if (value !== undefined) samples.push({ labels: view.labels, value, dropName: false });
    }
    this.budget.read(samples.length, selector);
    return samples;
  }

  #eachNewest(
    selector: VectorSelector,
    timeMs: number,
    visit: (view: SeriesView, index: number) => void,
  ): void {
    const atMs = this.timeOf(selector, timeMs);
    const oldestMs = atMs - this.settings.lookbackMs;
    const series = this.#select(selector);
    this.budget.read(series.length, selector);
    for (const view of series) {
      const index = indexAfter(view.times, view.from, view.to, atMs) - 1;
      if (index < view.from || view.times[index]! <= oldestMs) continue;
      if (view.hasStale && view.isStale(index)) continue;
      visit(view, index);
    }
  }

  #range({ selector, rangeMs }: MatrixSelector, timeMs: number): RangeVector {
    const endMs = this.timeOf(selector, timeMs);
    const startMs = endMs - rangeMs;
    const { extended } = selector;
    const { lookbackMs, useStartTimestamps } = this.settings;
    const afterMs = extended === undefined ? startMs : startMs - lookbackMs;
    const untilMs = extended === 'smoothed' ? endMs + lookbackMs : endMs;
    const windows: Window[] = [];
    for (const view of this.#select(selector)) {
      const window = windowOf(view, afterMs, untilMs, useStartTimestamps);
      if (window === undefined) continue;
      windows.push(window);
      this.budget.read(window.to - window.from, selector);
    }
    return { windows, startMs, endMs, extended };
  }

  #subquery(node: Subquery, timeMs: number): RangeVector {
    let runner = this.#subqueries.get(node);
    if (runner === undefined) {
      runner = new SubqueryRunner(this, node);
      this.#subqueries.set(node, runner);
    }
    return runner.at(this.timeOf(node, timeMs));
  }

  #unary(op: '+' | '-', vector: Vector): Vector {
    return op === '+'
      ? vector
      : vector.map(({ labels, value }) => ({ labels, value: -value, dropName: true }));
  }

  #select(selector: VectorSelector): readonly SeriesView[] {
    let series = this.#selected.get(selector);
    if (series === undefined) {
      const { fromMs, toMs, lookbackMs } = this.settings;
      const beyondMs = selector.extended === 'smoothed' ? lookbackMs : 0;
      const oldestMs = Math.min(fromMs, this.timeOf(selector, fromMs)) - reachOf(this.#expr.root, lookbackMs);
      const newestMs = Math.max(toMs, this.timeOf(selector, toMs)) + beyondMs;
      const onWork = (steps: number): void => this.budget.work(steps, selector);
      series = [...this.#queryable.select(selector.matchers, oldestMs, newestMs, onWork)];
      this.#selected.set(selector, series);
    }
    return series;
  }
}
