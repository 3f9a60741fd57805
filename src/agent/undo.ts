/** What has been begun, so that it can be undone: in the opposite order, and one failure does not keep the rest. */
export class Undo {
  readonly #steps: (() => void)[] = [];

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** Undoes everything once. Never throws. */
  run(): void {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        step();
      } catch {
        // It could not be undone; the others can.
      }
    }
  }
}
