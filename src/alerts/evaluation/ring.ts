/** The last entries of something that goes on, oldest first when read. */
export class Ring<T> {
  readonly #size: number;
  readonly #entries: T[] = [];
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  push(entry: T): void {
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % this.#size;
  }

  toArray(): readonly T[] {
    return [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)];
  }
}
