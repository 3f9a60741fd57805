/** More pools or clients than a service has; one that makes them without end does not fill the memory. */
const MAX_ENTRIES = 1000;

/** Objects of the service that are read at each collection and kept alive by the service alone. */
export class WeakList<Item extends object> {
  readonly #known = new WeakSet<Item>();
  #refs: WeakRef<Item>[] = [];

  /** Does nothing for one that is there already; beyond the limit those that are gone make room, or it is left out. */
  add(item: Item): void {
    if (this.#known.has(item)) return;
    if (this.#refs.length >= MAX_ENTRIES) this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined);
    if (this.#refs.length >= MAX_ENTRIES) return;
    this.#known.add(item);
    this.#refs.push(new WeakRef(item));
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const ref of this.#refs) {
      const item = ref.deref();
      if (item !== undefined) yield item;
    }
  }
}
