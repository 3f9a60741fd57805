import type { Labels } from '../../../samples/labels.ts';
import type { Subquery } from '../../syntax/ast.ts';
import type { EvaluationContext, RangeVector } from '../evaluation-context.ts';
import type { Vector } from '../sample.ts';
import type { Window } from './window.ts';

interface Collected {
  readonly labels: Labels;
  dropName: boolean;
  readonly times: number[];
  readonly values: number[];
}

/** First multiple of the step that is later than a time. */
function firstStepAfter(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs + stepMs;
}

/**
 * Evaluates the inner expression of a subquery at the multiples of its step within `(end − range, end]`. The steps of a
 * range query overlap, so that results are kept until they fall out of the range.
 */
export class SubqueryRunner {
  readonly #context: EvaluationContext;
  readonly #node: Subquery;
  readonly #stepMs: number;
  readonly #results = new Map<number, Vector>();

  constructor(context: EvaluationContext, node: Subquery) {
    this.#context = context;
    this.#node = node;
    this.#stepMs = node.stepMs === 0 ? context.settings.subqueryStepMs : node.stepMs;
  }

  /** The range vector that ends at a time. Start timestamps do not pass through a subquery. */
  at(endMs: number): RangeVector {
    const startMs = endMs - this.#node.rangeMs;
    const firstMs = firstStepAfter(startMs, this.#stepMs);
    for (const [timeMs, result] of this.#results) {
      if (timeMs >= firstMs) continue;
      this.#results.delete(timeMs);
      this.#context.budget.release(result.length);
    }
    const byKey = new Map<string, Collected>();
    for (let timeMs = firstMs; timeMs <= endMs; timeMs += this.#stepMs) {
      this.#collect(byKey, timeMs);
    }
    return { windows: [...byKey.values()].map(toWindow), startMs, endMs };
  }

  #collect(byKey: Map<string, Collected>, timeMs: number): void {
    for (const { labels, value, dropName } of this.#resultAt(timeMs)) {
      let series = byKey.get(labels.key);
      if (series === undefined) {
        series = { labels, dropName, times: [], values: [] };
        byKey.set(labels.key, series);
      } else if (series.times.at(-1) === timeMs) {
        this.#context.fail('vector cannot contain metrics with the same labelset', this.#node.expr);
      }
      series.dropName ||= dropName;
      series.times.push(timeMs);
      series.values.push(value);
    }
  }

  #resultAt(timeMs: number): Vector {
    let result = this.#results.get(timeMs);
    if (result === undefined) {
      result = this.#context.vector(this.#node.expr, timeMs);
      this.#context.budget.hold(result.length, this.#node);
      this.#results.set(timeMs, result);
    }
    return result;
  }
}

function toWindow({ labels, dropName, times, values }: Collected): Window {
  return {
    labels,
    dropName,
    times: Float64Array.from(times),
    values: Float64Array.from(values),
    from: 0,
    to: times.length,
    start: 0,
    starts: undefined,
  };
}
