/** Something read from a file has another shape than expected; the message has the path. */
export class ShapeError extends Error {}

type Shape = 'text' | 'number' | 'object' | 'list';

const isOf: Readonly<Record<Shape, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: Array.isArray,
};

/** A value out of JSON that nobody can vouch for. Each accessor answers the wanted shape or throws a `ShapeError`. */
export class Checked {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path = 'state') {
    this.#value = value;
    this.#path = path;
  }

  /** Parses JSON; throws a `ShapeError` for a text that is none. */
  static parse(text: string): Checked {
    try {
      return new Checked(JSON.parse(text));
    } catch (error) {
      throw new ShapeError((error as Error).message, { cause: error });
    }
  }

  #must(shape: Shape): unknown {
    if (isOf[shape](this.#value)) return this.#value;
    throw new ShapeError(
      `${this.#path}: expected ${shape}, got ${JSON.stringify(this.#value)?.slice(0, 60) ?? 'nothing'}`,
    );
  }

  get isAbsent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  /** True for the value `true` alone. */
  get isTrue(): boolean {
    return this.#value === true;
  }

  text(): string {
    return this.#must('text') as string;
  }

  /** A number; JSON has no NaN and no infinities, which `writeNumber` writes as texts. */
  number(): number {
    if (this.#value === 'NaN' || this.#value === 'Infinity' || this.#value === '-Infinity')
      return Number(this.#value);
    return this.#must('number') as number;
  }

  optionalNumber(): number | undefined {
    return this.isAbsent ? undefined : this.number();
  }

  list(): readonly Checked[] {
    return (this.#must('list') as unknown[]).map((value, i) => new Checked(value, `${this.#path}[${i}]`));
  }

  get(name: string): Checked {
    const object = this.#must('object') as Record<string, unknown>;
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    return new Checked(value, `${this.#path}.${name}`);
  }

  /** A map of texts. */
  texts(): Record<string, string> {
    const object = this.#must('object') as Record<string, unknown>;
    return Object.fromEntries(Object.keys(object).map((name) => [name, this.get(name).text()]));
  }
}

/** The form in which `Checked.number` reads every number, also those that JSON does not have. */
export function writeNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
