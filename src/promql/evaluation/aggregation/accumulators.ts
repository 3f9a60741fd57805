// Hot path: `add` runs once per sample of an aggregation.
import type { AggregateOperator } from '../../syntax/ast.ts';
import { KahanMean, KahanSum } from '../numbers/kahan.ts';

/** Takes the values of one group, one after another. */
export interface Accumulator {
  add(value: number): void;
  readonly value: number;
}

class Extreme implements Accumulator {
  value = Number.NaN;
  readonly #isBetter: (candidate: number, best: number) => boolean;

  constructor(isBetter: (candidate: number, best: number) => boolean) {
    this.#isBetter = isBetter;
  }

  add(candidate: number): void {
    // NaN is replaced by any number and replaces none.
    if (Number.isNaN(this.value) || this.#isBetter(candidate, this.value)) this.value = candidate;
  }
}

class Count implements Accumulator {
  value = 0;

  add(): void {
    this.value++;
  }
}

class Group implements Accumulator {
  readonly value = 1;

  add(): void {
    // The value of a group is 1 whatever is in it.
  }
}

/** Variance by Welford's method, plain, as Prometheus aggregates. */
class Variance implements Accumulator {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const delta = value - this.#mean;
    this.#mean += delta / this.#count;
    this.#squares += delta * (value - this.#mean);
  }

  get value(): number {
    return this.#squares / this.#count;
  }
}

class Deviation implements Accumulator {
  readonly #variance = new Variance();

  add(value: number): void {
    this.#variance.add(value);
  }

  get value(): number {
    return Math.sqrt(this.#variance.value);
  }
}

type Accumulated = Exclude<AggregateOperator, 'topk' | 'bottomk' | 'quantile' | 'count_values'>;

/** How each aggregation that makes one number of a group takes its values. */
export const accumulators: Readonly<Record<Accumulated, () => Accumulator>> = {
  sum: () => new KahanSum(),
  avg: () => new KahanMean(),
  min: () => new Extreme((candidate, best) => candidate < best),
  max: () => new Extreme((candidate, best) => candidate > best),
  count: () => new Count(),
  group: () => new Group(),
  stddev: () => new Deviation(),
  stdvar: () => new Variance(),
};
