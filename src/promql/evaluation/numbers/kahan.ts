// Hot path: one `add` per sample of every sum and average.

/**
 * A sum that keeps what rounding loses (Neumaier's variant of Kahan's summation, as Prometheus' util/kahansum), so that
 * 1e100 + 1 − 1e100 is 1. Infinity stays infinity.
 */
export class KahanSum {
  sum: number;
  compensation = 0;

  constructor(sum = 0) {
    this.sum = sum;
  }

  add(increment: number): void {
    const total = this.sum + increment;
    if (!Number.isFinite(total)) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(increment)) this.compensation += this.sum - total + increment;
    else this.compensation += increment - total + this.sum;
    this.sum = total;
  }

  get value(): number {
    return Number.isFinite(this.sum) ? this.sum + this.compensation : this.sum;
  }
}

/**
 * An average that neither overflows nor loses small numbers beside big ones: a Kahan sum as long as that is finite,
 * from then on a running mean.
 */
export class KahanMean {
  #count = 0;
  #sum = new KahanSum();
  #isRunning = false;

  add(value: number): void {
    this.#count++;
    if (!this.#isRunning) {
      const before = { sum: this.#sum.sum, compensation: this.#sum.compensation };
      this.#sum.add(value);
      if (this.#count === 1 || Math.abs(this.#sum.sum) !== Number.POSITIVE_INFINITY) return;
      this.#isRunning = true;
      this.#sum.sum = before.sum / (this.#count - 1);
      this.#sum.compensation = before.compensation / (this.#count - 1);
    }
    const share = (this.#count - 1) / this.#count;
    this.#sum.sum *= share;
    this.#sum.compensation *= share;
    this.#sum.add(value / this.#count);
  }

  get value(): number {
    if (this.#isRunning) return this.#sum.value;
    const compensation = Number.isFinite(this.#sum.sum) ? this.#sum.compensation : 0;
    return this.#sum.sum / this.#count + compensation / this.#count;
  }
}

/** Variance by Welford's method with Kahan sums, as Prometheus computes it over time. */
export class KahanVariance {
  #count = 0;
  readonly #mean = new KahanSum();
  readonly #squares = new KahanSum();

  add(value: number): void {
    this.#count++;
    const delta = value - (this.#mean.sum + this.#mean.compensation);
    this.#mean.add(delta / this.#count);
    this.#squares.add(delta * (value - (this.#mean.sum + this.#mean.compensation)));
  }

  get value(): number {
    return (this.#squares.sum + this.#squares.compensation) / this.#count;
  }
}
