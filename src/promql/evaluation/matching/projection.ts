// Hot path: `of` runs once per sample of an aggregation or vector match. What was computed for a label set is kept as
// long as that label set lives, so that an evaluation costs one look-up per sample and no strings.
import { type Labels, METRIC_NAME } from '../../../samples/labels.ts';

const MAX_INTERNED = 50_000;

/**
 * A part of a label set: some labels kept, or some dropped. Equal parts are the same object, so that they can be the
 * keys of a `Map`.
 */
export class Projection {
  readonly #names: readonly string[];
  readonly #keeps: boolean;
  #byLabels = new WeakMap<Labels, Labels>();
  #interned = new Map<string, Labels>();

  private constructor(names: readonly string[], keeps: boolean) {
    this.#names = names;
    this.#keeps = keeps;
  }

  static keeping(names: readonly string[]): Projection {
    return new Projection(names, true);
  }

  /** Without the named labels and without the metric name. */
  static dropping(names: readonly string[]): Projection {
    return new Projection([...names, METRIC_NAME], false);
  }

  /** Without the named labels; the metric name stays. */
  static droppingButName(names: readonly string[]): Projection {
    return new Projection(names, false);
  }

  of(labels: Labels): Labels {
    const known = this.#byLabels.get(labels);
    if (known !== undefined) return known;
    const part = this.#keeps ? labels.keep(this.#names) : labels.drop(this.#names);
    const same = this.#intern(part);
    this.#byLabels.set(labels, same);
    return same;
  }

  /** True if this projection has seen so many different parts that it should be recreated. */
  get isFull(): boolean {
    return this.#interned.size > MAX_INTERNED;
  }

  #intern(part: Labels): Labels {
    const same = this.#interned.get(part.key);
    if (same !== undefined) return same;
    this.#interned.set(part.key, part);
    return part;
  }
}

const byNode = new WeakMap<object, Map<string, Projection>>();

/** The projection that a node of an expression uses under a name; made once and kept as long as the node lives. */
export function projectionFor(node: object, use: string, make: () => Projection): Projection {
  let known = byNode.get(node);
  if (known === undefined) {
    known = new Map();
    byNode.set(node, known);
  }
  let projection = known.get(use);
  if (projection === undefined || projection.isFull) {
    projection = make();
    known.set(use, projection);
  }
  return projection;
}
