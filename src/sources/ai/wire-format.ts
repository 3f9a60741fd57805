/** Tokens that an answer reports, as far as it reports them. */
export interface TokenUsage {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
}

/** A JSON object of unknown shape. */
export type Json = Readonly<Record<string, unknown>>;

/** How one family of providers puts its calls on the wire: a file that exports this, and a line in `wire-formats.ts`. */
export interface WireFormat {
  readonly name: string;
  /** Paths of its calls. A path alone is no proof: the host or a header has to match as well. */
  readonly path: RegExp;
  /** Hosts of its providers, whose calls are known without a header. */
  readonly hosts: readonly RegExp[];
  /** Headers, in lower case, that its clients send. */
  readonly headers: readonly string[];
  /** The model, where the request's JSON does not have it as `model`. */
  modelOf?(url: URL): string | undefined;
  /**
   * The usage in an answer, or in one event of a streamed one; a later event's numbers replace those of an earlier.
   * Input counts cached tokens as well, output those of reasoning.
   */
  usageOf(json: Json): TokenUsage | undefined;
  /** What an event of a stream contains when it carries usage; others are not parsed. */
  readonly usageMark: string;
  /** The line that completes a stream: a client may close it there, before its end. */
  readonly endMark: RegExp;
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The numbers under these names added up; undefined where there is none. */
export function sumOf(json: Json, ...names: readonly string[]): number | undefined {
  let sum: number | undefined;
  for (const name of names) {
    const value = json[name];
    if (typeof value === 'number') sum = (sum ?? 0) + value;
  }
  return sum;
}
