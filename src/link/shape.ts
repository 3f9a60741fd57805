/** A message that is not of the form that the other side sends. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

type Fields = Readonly<Record<string, unknown>>;

const fail = (what: string): never => {
  throw new ShapeError(what);
};

export function fields(value: unknown, what: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : fail(what);
}

/** A text of at most so many characters. */
export function text(value: unknown, max: number, what: string): string {
  return typeof value === 'string' && value.length <= max ? value : fail(what);
}

/** A whole number in these bounds. */
export function whole(value: unknown, min: number, max: number, what: string): number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
    ? (value as number)
    : fail(what);
}

/** A finite number in these bounds. */
export function finite(value: unknown, min: number, max: number, what: string): number {
  return typeof value === 'number' && value >= min && value <= max ? value : fail(what);
}

export function flag(value: unknown, what: string): boolean {
  return typeof value === 'boolean' ? value : fail(what);
}

export function list(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(what);
}
