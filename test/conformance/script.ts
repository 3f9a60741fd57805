import { parseDuration } from '../../src/promql/syntax/durations.ts';

/** One `expect …` line, or what an old `eval_…` says by its name. */
export interface Expectation {
  readonly kind: 'fail' | 'warn' | 'info' | 'no_warn' | 'no_info' | 'ordered';
  readonly match?: { readonly kind: 'msg' | 'regex'; readonly text: string };
}

export interface LoadCommand {
  readonly kind: 'load';
  readonly intervalMs: number;
  /** Classic histograms are loaded as native ones with custom buckets as well. */
  readonly withNhcb: boolean;
  readonly lines: readonly string[];
}

/** When the expected points of a result lie. */
export interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export interface EvalCommand {
  readonly kind: 'eval';
  /** Line in the file, from 1. */
  readonly line: number;
  readonly expr: string;
  readonly query: { readonly kind: 'instant'; readonly atMs: number } | ({ readonly kind: 'range' } & Steps);
  readonly expectations: readonly Expectation[];
  readonly expectedString: string | undefined;
  /** An instant query is to yield a range vector with points at these times. */
  readonly rangeVector: Steps | undefined;
  /** Expected series with their points, or one bare number. */
  readonly results: readonly string[];
}

export type Command = LoadCommand | EvalCommand | { readonly kind: 'clear' };

const INSTANT = /^eval(?:_(fail|warn|info|ordered))?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;
const EXPECT = /^expect\s+(fail|warn|info|no_warn|no_info|ordered)(?:\s+(msg|regex):\s*(.*))?$/;
const RANGE_VECTOR = /^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/;

/** `1m30s`, `0`, `-10s` or a number of seconds, as milliseconds. */
export function parseTime(text: string): number {
  const isNegative = text.startsWith('-');
  const bare = text.replace(/^[+-]/, '');
  const duration = parseDuration(bare);
  const ms = duration.ok ? duration.ms : Number(bare) * 1000;
  if (Number.isNaN(ms)) throw new Error(`not a time: ${text}`);
  return isNegative ? -ms : ms;
}

function unquoteExpected(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text.slice(1, -1);
}

class ScriptReader {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split('\n').map((line) => line.trim().replace(/^#.*/, ''));
  }

  read(): Command[] {
    const commands: Command[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at]!;
      if (line === '') continue;
      commands.push(this.#command(line));
    }
    return commands;
  }

  #command(line: string): Command {
    if (line === 'clear') return { kind: 'clear' };
    const load = /^load(_with_nhcb)?\s+(\S+)$/.exec(line);
    if (load) {
      const withNhcb = load[1] !== undefined;
      return { kind: 'load', intervalMs: parseTime(load[2]!), withNhcb, lines: this.#block() };
    }
    if (line.startsWith('eval')) return this.#eval(line);
    throw new Error(`line ${this.#at + 1}: unknown command: ${line}`);
  }

  /** The lines up to the next empty one; a comment counts as empty. */
  #block(): string[] {
    const lines: string[] = [];
    while (this.#at + 1 < this.#lines.length && this.#lines[this.#at + 1] !== '') {
      this.#at++;
      lines.push(this.#lines[this.#at]!);
    }
    return lines;
  }

  #eval(line: string): EvalCommand {
    const number = this.#at + 1;
    const range = RANGE.exec(line);
    const instant = range ? null : INSTANT.exec(line);
    const found = range ?? instant;
    if (!found) throw new Error(`line ${number}: malformed: ${line}`);
    const query = range
      ? ({
          kind: 'range',
          fromMs: parseTime(range[2]!),
          toMs: parseTime(range[3]!),
          stepMs: parseTime(range[4]!),
        } as const)
      : ({ kind: 'instant', atMs: parseTime(instant![2] ?? '0') } as const);
    const expr = range ? range[5]! : instant![3]!;
    const expectations: Expectation[] = [];
    if (found[1] !== undefined) expectations.push({ kind: found[1] as Expectation['kind'] });
    let expectedString: string | undefined;
    let rangeVector: Steps | undefined;
    const results: string[] = [];
    for (const text of this.#block()) {
      const expect = EXPECT.exec(text);
      const steps = RANGE_VECTOR.exec(text);
      if (expect) {
        expectations.push({
          kind: expect[1] as Expectation['kind'],
          ...(expect[2] !== undefined && {
            match: { kind: expect[2] as 'msg' | 'regex', text: expect[3]!.trim() },
          }),
        });
      } else if (steps) {
        rangeVector = {
          fromMs: parseTime(steps[1]!),
          toMs: parseTime(steps[2]!),
          stepMs: parseTime(steps[3]!),
        };
      } else if (text.startsWith('expect string')) {
        expectedString = unquoteExpected(text.slice('expect string'.length).trim());
      } else if (text.startsWith('expect')) {
        throw new Error(`line ${number}: unknown expectation: ${text}`);
      } else {
        results.push(text);
      }
    }
    return { kind: 'eval', line: number, expr, query, expectations, expectedString, rangeVector, results };
  }
}

/** Reads a file of the promqltest language (promql/promqltest/README.md) into its commands. */
export function readScript(text: string): Command[] {
  return new ScriptReader(text).read();
}
