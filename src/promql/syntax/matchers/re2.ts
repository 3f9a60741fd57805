import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { regexSize } from './regex-size.ts';

let engine: typeof RE2JS | undefined;

/** The RE2 engine. Loading it and its first pattern take 12 MB and 12 ms, so it comes with the first that needs it. */
function re2(): typeof RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  return engine;
}

/** Instructions that one pattern may compile to, about 5 MB; Prometheus takes up to 3 million. */
export const MAX_PATTERN_SIZE = 20_000;
/** Characters that the automaton of one pattern may take beside its instructions; the engine's own limit is 8 MB. */
const MAX_AUTOMATON_BYTES = 524_288;
/** What compiled patterns may take together. The least recently used ones are compiled again. */
const MAX_CACHE_BYTES = 16_777_216; // 16 MiB
const BYTES_PER_INSTRUCTION = 250; // measured: 160 to 230
/** Steps (instructions times characters, about 11 ns each) that one match may take: half a second. */
const MAX_STEPS = 50_000_000;

/** The part of the engine's automaton that bounds its memory; it has no option for it. */
interface Automaton {
  maxMem: number;
  stateBudget: number;
  memBudget: number;
}

interface Compiled {
  readonly regex: RE2JS;
  readonly automaton: Automaton | undefined;
  bytes: number;
}

export type Dot = 'dot matches all' | 'dot matches no line break';

const compiled = new Map<string, Compiled>();
let heldBytes = 0;

function automatonOf(regex: RE2JS): Automaton | undefined {
  const { dfa } = (regex as unknown as { readonly re2Input: { readonly dfa?: Automaton } }).re2Input;
  if (typeof dfa?.memBudget !== 'number') return undefined;
  dfa.maxMem = MAX_AUTOMATON_BYTES;
  dfa.stateBudget = MAX_AUTOMATON_BYTES;
  dfa.memBudget = MAX_AUTOMATON_BYTES;
  return dfa;
}

function hold(entry: Compiled, bytes: number): void {
  heldBytes += bytes - entry.bytes;
  entry.bytes = bytes;
  for (const [key, oldest] of compiled) {
    if (heldBytes <= MAX_CACHE_BYTES || oldest === entry) return;
    compiled.delete(key);
    heldBytes -= oldest.bytes;
  }
}

function compile(pattern: string, dot: Dot, size: number): Compiled {
  const key = `${dot} ${pattern}`;
  let entry = compiled.get(key);
  if (entry === undefined) {
    const regex = re2().compile(pattern, dot === 'dot matches all' ? re2().DOTALL : 0);
    entry = { regex, automaton: automatonOf(regex), bytes: 0 };
    compiled.set(key, entry);
    hold(entry, 2 * pattern.length + size * BYTES_PER_INSTRUCTION);
  } else {
    // The one used last is the last to go.
    compiled.delete(key);
    compiled.set(key, entry);
  }
  return entry;
}

/** Bytes of all compiled patterns. */
export function patternBytes(): number {
  return heldBytes;
}

function shown(pattern: string): string {
  return pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
}

/**
 * An RE2 pattern whose cost is known before it is compiled: in instructions, and in the time that a match may take.
 * The compiled form is kept in a cache of bounded size and recompiled after it was evicted.
 */
export class Re2Pattern {
  readonly text: string;
  /** Upper bound of its instructions. */
  readonly size: number;
  readonly #dot: Dot;

  /** Throws an `Error` worded as Go words it, with the pattern as written. */
  constructor(text: string, dot: Dot = 'dot matches all') {
    this.text = text;
    this.size = regexSize(text);
    this.#dot = dot;
    if (this.size > MAX_PATTERN_SIZE) {
      throw new Error(`error parsing regexp: expression too large: \`${shown(text)}\``);
    }
    try {
      compile(text, dot, this.size);
    } catch (error) {
      // The flag becomes a prefix of the pattern, which nobody wrote.
      throw new Error((error as Error).message.replace('`(?s)', '`'), { cause: error });
    }
  }

  /** Steps that a match of a text may take. */
  stepsFor(text: string): number {
    return this.size * (text.length + 1);
  }

  /** True when the whole text matches. Throws a `RangeError` for one that would take too long. */
  matches(text: string): boolean {
    this.#check(text);
    const entry = compile(this.text, this.#dot, this.size);
    const result = entry.regex.testExact(text);
    this.#account(entry);
    return result;
  }

  /** The compiled pattern, to read its groups or to replace. Throws a `RangeError` as `matches`. */
  engineFor(text: string): RE2JS {
    this.#check(text);
    return compile(this.text, this.#dot, this.size).regex;
  }

  get groupCount(): number {
    return compile(this.text, this.#dot, this.size).regex.groupCount();
  }

  get namedGroups(): Readonly<Record<string, number>> {
    return compile(this.text, this.#dot, this.size).regex.namedGroups();
  }

  #check(text: string): void {
    if (this.stepsFor(text) <= MAX_STEPS) return;
    throw new RangeError(
      `a pattern of ${this.size} instructions would take too long on a text of ${text.length} characters`,
    );
  }

  #account(entry: Compiled): void {
    if (entry.automaton === undefined) return;
    const program = 2 * this.text.length + this.size * BYTES_PER_INSTRUCTION;
    const bytes = program + MAX_AUTOMATON_BYTES - entry.automaton.memBudget;
    if (bytes !== entry.bytes) hold(entry, bytes);
  }
}
