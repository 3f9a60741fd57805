/** What was started, in its order: undone backwards, when a start fails half-way as well as at the end. */
export class Undo {
  readonly #steps: (() => unknown)[] = [];
  #begun = false;

  /** Whether nothing of it counts any more. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Adds how to undo what was just started. */
  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Undoes each step, the last first; a step that fails does not keep the others from being undone. */
  async run(): Promise<void> {
    this.#begun = true;
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch {
        // The steps before it still have to be undone.
      }
    }
  }
}
