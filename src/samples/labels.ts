// Hot path: every sample of every rule evaluation carries one of these. Objects are immutable; `key` and the
// projection without the metric name are computed once and kept, so that per evaluation only look-ups remain.

/** The label that holds the name of the metric. */
export const METRIC_NAME = '__name__';

/** Between the parts of a key: a control character that is escaped where names or values contain it. */
const SEPARATOR = '\u007F';
const NEEDS_ESCAPE = /[\u007F\u0080]/;

function escapePart(part: string): string {
  return NEEDS_ESCAPE.test(part) ? part.replaceAll(/[\u007F\u0080]/g, (char) => `\u0080${char}`) : part;
}

/**
 * Quotes a label value or a UTF-8 name as Prometheus prints it (Go's `strconv.Quote`). A lone surrogate represents a byte
 * that is no UTF-8.
 */
export function quoteText(text: string): string {
  return JSON.stringify(text).replaceAll(/\\u(?:00|dc)([0-9a-f]{2})/g, (_whole, hex: string) => `\\x${hex}`);
}

const PLAIN_LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLAIN_METRIC = /^[A-Za-z_:][A-Za-z0-9_:]*$/;

/** A label name as written in a selector: quoted when it needs UTF-8 syntax. */
export function printLabelName(name: string): string {
  return PLAIN_LABEL.test(name) ? name : quoteText(name);
}

/** True when the name needs no quotes before the braces of a selector. */
export function isPlainMetricName(name: string): boolean {
  return PLAIN_METRIC.test(name);
}

/**
 * An immutable set of labels, sorted by name. A label with an empty value is as if absent (Prometheus data model).
 */
export class Labels {
  static readonly empty: Labels = new Labels([], []);

  readonly #names: readonly string[];
  readonly #values: readonly string[];
  #key: string | undefined;
  #unnamed: Labels | undefined;

  /** Order of label sets as Prometheus sorts them: first names, then values, one label after another. */
  static compare(a: Labels, b: Labels): number {
    const count = Math.min(a.size, b.size);
    for (let i = 0; i < count; i++) {
      if (a.#names[i] !== b.#names[i]) return a.#names[i]! < b.#names[i]! ? -1 : 1;
      if (a.#values[i] !== b.#values[i]) return a.#values[i]! < b.#values[i]! ? -1 : 1;
    }
    return a.size - b.size;
  }

  private constructor(names: readonly string[], values: readonly string[]) {
    this.#names = names;
    this.#values = values;
  }

  /** Labels of a plain record; empty values are left out. */
  static from(record: Readonly<Record<string, string>>): Labels {
    return Labels.fromEntries(Object.entries(record));
  }

  /** Labels of name and value pairs; of two pairs with one name the later counts. */
  static fromEntries(entries: Iterable<readonly [string, string]>): Labels {
    const byName = new Map<string, string>();
    for (const [name, value] of entries) byName.set(name, value);
    const names: string[] = [];
    for (const [name, value] of byName) if (value !== '') names.push(name);
    names.sort();
    return Labels.#of(
      names,
      names.map((name) => byName.get(name) ?? ''),
    );
  }

  static #of(names: readonly string[], values: readonly string[]): Labels {
    return names.length === 0 ? Labels.empty : new Labels(names, values);
  }

  /** Canonical text: equal exactly for equal label sets. Not for display. */
  get key(): string {
    if (this.#key === undefined) {
      let key = '';
      for (let i = 0; i < this.#names.length; i++) {
        key += escapePart(this.#names[i]!) + SEPARATOR + escapePart(this.#values[i]!) + SEPARATOR;
      }
      this.#key = key;
    }
    return this.#key;
  }

  get size(): number {
    return this.#names.length;
  }

  /** The value of `__name__`, '' when absent. */
  get metricName(): string {
    return this.get(METRIC_NAME);
  }

  /** The same labels without `__name__`; kept, since nearly every operation asks for it. */
  get withoutName(): Labels {
    this.#unnamed ??= this.drop([METRIC_NAME]);
    return this.#unnamed;
  }

  /** The value of a label, '' when absent. */
  get(name: string): string {
    const at = this.#names.indexOf(name);
    return at < 0 ? '' : this.#values[at]!;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /** Name and value pairs in the order of the names. */
  entries(): readonly (readonly [string, string])[] {
    return this.#names.map((name, i) => [name, this.#values[i]!] as const);
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.entries());
  }

  /** These labels with others set; an empty value removes a label. */
  with(record: Readonly<Record<string, string>>): Labels {
    return Labels.fromEntries([...this.entries(), ...Object.entries(record)]);
  }

  /** Only the named labels. */
  keep(names: readonly string[]): Labels {
    return this.#filter((name) => names.includes(name));
  }

  /** All but the named labels. */
  drop(names: readonly string[]): Labels {
    return this.#filter((name) => !names.includes(name));
  }

  equals(other: Labels): boolean {
    return this === other || this.key === other.key;
  }

  /** As Prometheus prints a series: `name{a="b"}`, `{}` for none. */
  toString(): string {
    const name = this.metricName;
    const head = isPlainMetricName(name) ? name : '';
    const parts: string[] = [];
    for (const [label, value] of this.entries()) {
      if (label !== METRIC_NAME) parts.push(`${printLabelName(label)}=${quoteText(value)}`);
      else if (head === '') parts.unshift(quoteText(value));
    }
    return head !== '' && parts.length === 0 ? head : `${head}{${parts.join(', ')}}`;
  }

  /** As error texts of Prometheus show label sets: `{__name__="x", a="b"}`. */
  toSetString(): string {
    const parts = this.entries().map(([name, value]) => `${printLabelName(name)}=${quoteText(value)}`);
    return `{${parts.join(', ')}}`;
  }

  #filter(wanted: (name: string) => boolean): Labels {
    const names: string[] = [];
    const values: string[] = [];
    for (let i = 0; i < this.#names.length; i++) {
      if (!wanted(this.#names[i]!)) continue;
      names.push(this.#names[i]!);
      values.push(this.#values[i]!);
    }
    return names.length === this.#names.length ? this : Labels.#of(names, values);
  }
}
