/** Events of one source that wait for the agent; the first ones are kept, since a start cannot be repeated. */
export class KeptEvents {
  readonly #max: number;
  #events: (() => void)[] = [];
  #dropped = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Events that came when there was no more room. */
  get dropped(): number {
    return this.#dropped;
  }

  keep(replay: () => void): void {
    if (this.#events.length < this.#max) this.#events.push(replay);
    else this.#dropped += 1;
  }

  /** Hands out what was kept, oldest first, and keeps none of it. */
  drain(): readonly (() => void)[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
