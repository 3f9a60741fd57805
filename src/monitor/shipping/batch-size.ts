/** After so many single records refused in a row whole batches are given up: it is not the records. */
const MAX_SINGLES_REFUSED = 8;

/**
 * How many records go into a request. A request that is refused is cut in halves until a single record is left
 * that is to blame; with each success the size doubles again.
 */
export class BatchSize {
  readonly #most: number;
  #current: number;
  #singlesRefused = 0;

  constructor(most: number) {
    this.#most = most;
    this.#current = most;
  }

  get current(): number {
    return this.#current;
  }

  accepted(): void {
    this.#singlesRefused = 0;
    this.#current = Math.min(this.#most, this.#current * 2);
  }

  /** A request of `sent` records was refused. Whether they are to be tried again in smaller ones. */
  halve(sent: number): boolean {
    if (this.#singlesRefused >= MAX_SINGLES_REFUSED) {
      this.#current = this.#most;
      return false;
    }
    if (sent > 1) {
      this.#current = Math.ceil(sent / 2);
      return true;
    }
    this.#singlesRefused++;
    return false;
  }
}
