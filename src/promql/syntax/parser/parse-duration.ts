import type { DurationExpr } from '../ast.ts';
import { constantMs } from '../duration-expr.ts';
import { isOutOfRange, truncateToMs } from '../durations.ts';
import { numberOf, secondsOf } from './parse-number.ts';
import type { TokenStream } from '../lexer/token-stream.ts';

/** A duration as read: its milliseconds, or what computes them. */
export interface ReadDuration {
  /** 0 where it depends on the query. */
  readonly ms: number;
  readonly expr: DurationExpr | undefined;
}

const POWER: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 3 };
const UNARY_POWER = 2;
const MAX_DEPTH = 100;
const MAX_OPERATORS = 250;

/** Reads durations: literals, and expressions of them (generated_parser.y, duration_expr). */
export class DurationParser {
  readonly #tokens: TokenStream;
  #depth = 0;
  #operators = 0;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  /** A range or step in brackets, which must be more than nothing. */
  positive(context: string, expected: string): ReadDuration {
    const expr = this.#expression(0, context, expected);
    if (expr.kind === 'seconds' && expr.value <= 0) {
      this.#tokens.fail('duration must be greater than 0', expr);
    }
    return read(expr, false);
  }

  /** What follows `offset`: a literal or call with a sign, or anything in parentheses. */
  offset(): ReadDuration {
    const context = 'offset';
    const expected = 'number, duration, step(), or range()';
    const sign = this.#tokens.peek();
    if (sign.word !== '-' && sign.word !== '+') return read(this.#atom(context, expected), true);
    this.#tokens.take();
    this.#enter();
    const { ms, expr } = this.offset();
    this.#depth--;
    if (expr === undefined) return { ms: sign.word === '-' ? -ms : ms, expr };
    return read(this.#signed(sign.word, sign.start, expr), true);
  }

  #enter(): void {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) {
      this.#tokens.fail(`duration is nested more than ${MAX_DEPTH} levels deep`, this.#tokens.peek());
    }
  }

  #expression(power: number, context: string, expected: string): DurationExpr {
    this.#enter();
    let left = this.#unary(context, expected);
    for (;;) {
      const token = this.#tokens.peek();
      const own = token.kind === 'operator' ? POWER[token.word] : undefined;
      if (own === undefined || own <= power) break;
      this.#tokens.take();
      this.#operators++;
      if (this.#operators > MAX_OPERATORS) {
        this.#tokens.fail(`durations have more than ${MAX_OPERATORS} operators`, token);
      }
      const right = this.#expression(token.word === '^' ? own - 1 : own, context, expected);
      if ((token.word === '/' || token.word === '%') && right.kind === 'seconds' && right.value === 0) {
        this.#tokens.fail(token.word === '/' ? 'division by zero' : 'modulo by zero', token);
      }
      const op = token.word as '+' | '-' | '*' | '/' | '%' | '^';
      left = { kind: 'operation', op, left, right, start: left.start, end: right.end };
    }
    this.#depth--;
    return left;
  }

  #unary(context: string, expected: string): DurationExpr {
    const sign = this.#tokens.peek();
    if (sign.word !== '-' && sign.word !== '+') return this.#atom(context, expected);
    this.#tokens.take();
    return this.#signed(sign.word, sign.start, this.#expression(UNARY_POWER, context, expected));
  }

  #signed(op: '+' | '-', start: number, expr: DurationExpr): DurationExpr {
    if (expr.kind === 'seconds') return { ...expr, value: op === '-' ? -expr.value : expr.value, start };
    return op === '-' ? { kind: 'sign', op, expr, start, end: expr.end } : expr;
  }

  #atom(context: string, expected: string): DurationExpr {
    const token = this.#tokens.peek();
    const { start, end } = token;
    if (token.kind === 'number' || token.kind === 'duration') {
      this.#tokens.take();
      const isDuration = token.kind === 'duration';
      const value = isDuration ? secondsOf(this.#tokens, token) : numberOf(this.#tokens, token);
      if (isOutOfRange(value)) this.#tokens.fail('duration out of range', token);
      return { kind: 'seconds', value, isDuration, start, end };
    }
    if (token.kind === 'preprocessor') return this.#call(context, expected);
    if (!this.#tokens.skip('(')) this.#tokens.unexpected(context, expected);
    const expr = this.#expression(0, context, expected);
    if (!this.#tokens.skip(')')) this.#tokens.unexpected(context, expected);
    return { kind: 'paren', expr, start, end: this.#tokens.lastEnd };
  }

  #call(context: string, expected: string): DurationExpr {
    const name = this.#tokens.peek();
    const { word, start } = name;
    if (word !== 'step' && word !== 'range' && word !== 'min_of' && word !== 'max_of') {
      return this.#tokens.unexpected(context, expected);
    }
    this.#tokens.take();
    const need = (punctuation: string): void => {
      if (!this.#tokens.skip(punctuation)) this.#tokens.unexpected(context, expected);
    };
    need('(');
    if (word === 'step' || word === 'range') {
      need(')');
      return { kind: word, start, end: this.#tokens.lastEnd };
    }
    const left = this.#expression(0, context, expected);
    need(',');
    const right = this.#expression(0, context, expected);
    need(')');
    return { kind: word, left, right, start, end: this.#tokens.lastEnd };
  }
}

function read(expr: DurationExpr, mayBeNegative: boolean): ReadDuration {
  if (expr.kind === 'seconds') return { ms: truncateToMs(expr.value), expr: undefined };
  return { ms: constantMs(expr, mayBeNegative) ?? 0, expr };
}
