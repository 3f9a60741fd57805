import { Lexer } from './lexer.ts';
import type { Span } from '../position.ts';
import { PromqlError } from '../promql-error.ts';
import { describe, type Token } from './token.ts';

/**
 * Bounds of what a text may cost, far beyond any expression written by hand; Prometheus has none. Lists are lists of
 * labels, matchers and arguments.
 */
const MAX_CHARACTERS = 250_000;
const MAX_LIST = 250;
const MAX_PATTERNS = 40_000; // instructions of all patterns

/** The tokens of one expression with one token of look-ahead, and the errors of whoever reads them. */
export class TokenStream {
  readonly text: string;
  readonly #lexer: Lexer;
  #ahead: Token | undefined;
  #lastEnd = 0;
  #aggregations = 0;
  #patterns = 0;

  constructor(text: string, unquotedUtf8Names = false) {
    this.text = text;
    if (text.length > MAX_CHARACTERS) {
      this.fail(`query is longer than ${MAX_CHARACTERS} characters`, { start: 0, end: 0 });
    }
    this.#lexer = new Lexer(text, unquotedUtf8Names);
  }

  /** End of the last token taken. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  peek(): Token {
    this.#ahead ??= this.#lexer.next();
    return this.#ahead;
  }

  take(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    this.#lastEnd = token.end;
    return token;
  }

  /** True when the next token has this meaning; strings and names have none. */
  is(word: string): boolean {
    const token = this.peek();
    return token.word === word && !['identifier', 'metric identifier', 'string'].includes(token.kind);
  }

  /** Takes the next token when it has this meaning. */
  skip(word: string): boolean {
    if (!this.is(word)) return false;
    this.take();
    return true;
  }

  fail(message: string, span: Span): never {
    throw new PromqlError('parse', message, this.text, span);
  }

  /** Fails at the entry of a list that makes it too long. */
  checkLength(list: readonly unknown[], what: string): void {
    if (list.length > MAX_LIST) this.fail(`more than ${MAX_LIST} ${what}`, this.peek());
  }

  /** Counts a pattern towards what all patterns of the expression may take together. */
  addPattern(size: number, span: Span): void {
    this.#patterns += size;
    if (this.#patterns > MAX_PATTERNS) {
      this.fail('error parsing regexp: expressions too large together', span);
    }
  }

  /** Reads something inside an aggregation, which errors about unexpected tokens then name. */
  inAggregation<T>(read: () => T): T {
    this.#aggregations++;
    const result = read();
    this.#aggregations--;
    return result;
  }

  /** Complains about the next token as Prometheus does: "unexpected … in …, expected …". */
  unexpected(context = '', expected = ''): never {
    const token = this.peek();
    const inside = context === '' && this.#aggregations > 0 ? 'aggregation' : context;
    const where = inside === '' ? '' : ` in ${inside}`;
    const wanted = expected === '' ? '' : `, expected ${expected}`;
    return this.fail(`unexpected ${describe(token)}${where}${wanted}`, token);
  }
}
