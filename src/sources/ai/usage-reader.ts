// Hot path: once per chunk of an answer: one decode, one search; only what carries usage is parsed.
import { isJson, type Json, type TokenUsage, type WireFormat } from './wire-format.ts';

/** Of a longer line only the end is kept: there providers put the usage. */
const MAX_LINE = 256 * 1024;
const KEPT_END = 16 * 1024;

/** The object that begins at the first brace from `from` on, parsed; undefined where there is none that is whole. */
function objectAt(text: string, from: number): Json | undefined {
  const start = text.indexOf('{', from);
  if (start < 0) return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) {
      const found: unknown = JSON.parse(text.slice(start, at + 1));
      return isJson(found) ? found : undefined;
    }
  }
  return undefined;
}

/** Reads the usage from an answer as it comes by: JSON, lines of JSON, or server-sent events. */
export class UsageReader {
  readonly #format: WireFormat;
  readonly #decoder = new TextDecoder();
  #line = '';
  #isCut = false;
  #isPretty = false;
  #isComplete = false;
  #usage: TokenUsage = {};

  constructor(format: WireFormat) {
    this.#format = format;
  }

  /** Whether the response has been marked as complete, although its end may not have arrived yet. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get usage(): TokenUsage {
    return this.#usage;
  }

  chunk(bytes: unknown): void {
    const text = bytes instanceof Uint8Array ? this.#decoder.decode(bytes, { stream: true }) : '';
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#append(text.slice(from, end));
      from = end + 1;
      // JSON over several lines is one line to us: its first one cannot be parsed alone.
      if (this.#isPretty || /^[{[]\s*$/.test(this.#line)) this.#isPretty = true;
      else this.#flush();
    }
    this.#append(text.slice(from));
  }

  /** The answer is over: a last line may have no end. */
  end(): void {
    this.#flush();
  }

  #append(text: string): void {
    this.#line += text;
    if (this.#line.length <= MAX_LINE) return;
    this.#line = this.#line.slice(-KEPT_END);
    this.#isCut = true;
  }

  #flush(): void {
    const line = this.#line;
    const isCut = this.#isCut;
    this.#line = '';
    this.#isCut = false;
    if (this.#format.endMark.test(line)) this.#isComplete = true;
    const mark = line.lastIndexOf(this.#format.usageMark);
    if (mark < 0) return;
    try {
      this.#take(isCut ? this.#fromEnd(line, mark) : JSON.parse(line.slice(line.search(/[{[]/))));
    } catch {
      // No whole event: it has no usage that can be trusted.
    }
  }

  /** What is left of a long answer: the object behind the mark, under its name. */
  #fromEnd(line: string, mark: number): Json {
    return { [this.#format.usageMark.replaceAll('"', '')]: objectAt(line, mark) };
  }

  #take(value: unknown): void {
    // Gemini streams an array where server-sent events are not asked for.
    for (const one of Array.isArray(value) ? value : [value]) {
      const usage = isJson(one) ? this.#format.usageOf(one) : undefined;
      if (usage === undefined) continue;
      this.#usage = {
        input: usage.input ?? this.#usage.input,
        output: usage.output ?? this.#usage.output,
      };
    }
  }
}
