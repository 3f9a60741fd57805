import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { parseDurationMs } from '../../../promql/syntax/durations.ts';
import { describe, scalarText, shown, type YamlSource } from './yaml-source.ts';

/** A value with the node that it was read from. */
export interface Located<T> {
  readonly value: T;
  readonly node: Node;
}

/** Fields of a rule that people write in one format and mean in the other. */
const CONFUSED: Readonly<Record<string, string>> = {
  alert: 'name',
  expr: 'condition',
  for: 'duration',
  keep_firing_for: 'keepFiringFor',
  name: 'alert',
  condition: 'expr',
  duration: 'for',
  keepFiringFor: 'keep_firing_for',
};

/**
 * Reads the fields of one map and reports, at the location of the field, what is unknown, missing or of another type.
 * `ok` is false once something was reported.
 */
export class MapReader {
  readonly node: YAMLMap;
  readonly #source: YamlSource;
  readonly #fields = new Map<string, Located<Node>>();
  ok = true;

  private constructor(source: YamlSource, node: YAMLMap, known: readonly string[], what: string) {
    this.#source = source;
    this.node = node;
    for (const { key, value } of source.entries(node)) {
      const name = scalarText(key);
      if (!isScalar(key) || !known.includes(name)) {
        const meant = CONFUSED[name];
        const hint = meant !== undefined && known.includes(meant) ? ` (use ${meant})` : '';
        this.fail(key, `a field of ${what}: ${known.join(', ')}`, `${describe(key)}${hint}`);
        continue;
      }
      if (value !== null) this.#fields.set(name, { value: source.resolve(value), node: key });
    }
  }

  /** Reports and answers undefined when the node is no map. */
  static open(source: YamlSource, node: Node, known: readonly string[], what: string): MapReader | undefined {
    const resolved = source.resolve(node);
    if (isMap(resolved)) return new MapReader(source, resolved, known, what);
    source.report(resolved, `${what}: a map of ${known.join(', ')}`);
    return undefined;
  }

  fail(node: Node, expected: string, got?: string): void {
    this.ok = false;
    this.#source.report(node, expected, got);
  }

  has(name: string): boolean {
    const found = this.#fields.get(name);
    return found !== undefined && !(isScalar(found.value) && found.value.value === null);
  }

  /** The node of the key, for messages about the field as a whole. */
  keyNode(name: string): Node {
    return this.#fields.get(name)?.node ?? this.node;
  }

  /** A text; numbers and booleans count as their texts. Absent or empty: undefined. */
  text(name: string): Located<string> | undefined {
    if (!this.has(name)) return undefined;
    const { value } = this.#fields.get(name)!;
    if (!isScalar(value)) {
      this.fail(value, `a string for ${name}`);
      return undefined;
    }
    const text = scalarText(value);
    return text === '' ? undefined : { value: text, node: value };
  }

  /** A text that has to be there. */
  requiredText(name: string, what: string): Located<string> | undefined {
    const before = this.ok;
    const found = this.text(name);
    if (!found && this.ok === before) {
      const at = this.has(name) ? this.#fields.get(name)!.value : this.node;
      this.fail(at, `${what} with ${name}`, this.has(name) ? `an empty ${name}` : `no ${name}`);
    }
    return found;
  }

  /** A duration in milliseconds; absent: 0. */
  durationMs(name: string): number {
    const found = this.text(name);
    if (!found) return 0;
    const valueMs = parseDurationMs(found.value);
    if (valueMs === undefined) {
      this.fail(found.node, `a duration such as 30s, 5m or 1h30m for ${name}`, shown(found.value));
    }
    return valueMs ?? 0;
  }

  /** A whole number from 0; absent: 0. */
  count(name: string): number {
    const found = this.text(name);
    if (!found) return 0;
    const value = /^\d{1,9}$/.test(found.value) ? Number(found.value) : undefined;
    if (value === undefined) this.fail(found.node, `a non-negative integer for ${name}`, shown(found.value));
    return value ?? 0;
  }

  /** The entries of a map of texts with the nodes of their values; absent: none. */
  texts(name: string): readonly { readonly key: Located<string>; readonly value: Located<string> }[] {
    if (!this.has(name)) return [];
    const { value: node } = this.#fields.get(name)!;
    if (!isMap(node)) {
      this.fail(node, `a map of strings for ${name}`);
      return [];
    }
    return this.#source.entries(node).map(({ key, value: written }) => {
      const value = written === null ? key : this.#source.resolve(written);
      if (!isScalar(key)) this.fail(key, `a string as key in ${name}`);
      if (!isScalar(value)) this.fail(value, `a string for ${name}.${scalarText(key)}`);
      const text = written === null ? '' : scalarText(value);
      return { key: { value: scalarText(key), node: key }, value: { value: text, node: value } };
    });
  }

  /** The entries of a list; absent: none. */
  list(name: string): readonly Node[] {
    if (!this.has(name)) return [];
    const { value } = this.#fields.get(name)!;
    if (isSeq(value)) return value.items.map((item) => this.#source.resolve(item as Node));
    this.fail(value, `a list for ${name}`);
    return [];
  }
}
