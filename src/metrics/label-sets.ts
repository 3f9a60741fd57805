/**
 * The label objects of one or two labels, one frozen object per combination of values. The SDK then finds a series by
 * its object instead of sorting and serialising the labels of each record (scripts/build/frozen-attributes.ts). The
 * values have to be bounded by whoever asks: every combination is kept.
 */
export class LabelSets {
  readonly #first: string;
  readonly #second: string | undefined;
  readonly #sets = new Map<string, Map<string, Readonly<Record<string, string>>>>();

  constructor(first: string, second?: string) {
    this.#first = first;
    this.#second = second;
  }

  /** The same object for the same values; `second` only where a second label was named. */
  of(first: string, second = ''): Readonly<Record<string, string>> {
    let bySecond = this.#sets.get(first);
    if (!bySecond) {
      bySecond = new Map();
      this.#sets.set(first, bySecond);
    }
    let labels = bySecond.get(second);
    if (!labels) {
      const name = this.#second;
      labels = Object.freeze({ [this.#first]: first, ...(name !== undefined && { [name]: second }) });
      bySecond.set(second, labels);
    }
    return labels;
  }
}
