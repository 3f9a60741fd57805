import { boundedName } from '../own-log/bounded-name.ts';

/** A client may choose the value, of any length. */
const MAX_CHARS = 128;

/** What a label becomes once its values are used up; Prometheus' own clients have no such value to clash with. */
export const OVERFLOW_VALUE = '__overflow__';

/**
 * Bounds the values that a label takes in the life of the process. The SDK's cardinality limit counts per
 * collection only and does not bound cumulative series, so values are bounded before anything is recorded.
 */
export class LabelLimit {
  readonly #values = new Set<string>();
  readonly #max: number;
  readonly #onOverflow: (max: number) => void;
  #overflowed = false;

  /** `onOverflow` is called once, when the first value does not fit. */
  constructor(max: number, onOverflow: (max: number) => void) {
    this.#max = max;
    this.#onOverflow = onOverflow;
  }

  /** The value, cut at 128 characters, while there is room or it is known, else `__overflow__`. */
  bound(given: string): string {
    const value = boundedName(given, MAX_CHARS);
    if (this.#values.has(value)) return value;
    if (this.#values.size < this.#max) {
      this.#values.add(value);
      return value;
    }
    if (!this.#overflowed) {
      this.#overflowed = true;
      this.#onOverflow(this.#max);
    }
    return OVERFLOW_VALUE;
  }
}
