/** Random choices that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 ≤ x < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Between one and `most` picks. */
  several<T>(list: readonly T[], most: number): T[] {
    return Array.from({ length: 1 + this.below(most) }, () => this.pick(list));
  }

  /** Characters that break parsers, escapes and terminals, among plain ones. */
  text(most: number): string {
    const odd = [
      '\0',
      '\n',
      '\r',
      '"',
      "'",
      '\\',
      '{',
      '}',
      '%',
      '\u202E',
      '\u2028',
      '\uD800',
      'é',
      '🙈',
      '</script>',
      '$(x)',
      '../',
    ];
    const length = this.below(most);
    let text = '';
    while (text.length < length)
      text += this.next() < 0.3 ? this.pick(odd) : String.fromCharCode(32 + this.below(95));
    return text;
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most) }, () => this.below(256)));
  }
}
