import { positionOf, type Position, type Span } from './position.ts';

/**
 * An expression that cannot be parsed or asked for, or an evaluation that cannot go on. `message` is worded as Prometheus words
 * it, without the position; `toString()` gives `line:column: parse error: message`.
 */
export class PromqlError extends Error implements Position, Span {
  /** `request`: the expression is right, but cannot be asked for in this way. */
  readonly kind: 'parse' | 'request' | 'evaluation';
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;

  constructor(kind: PromqlError['kind'], message: string, text: string, span: Span) {
    super(message);
    this.name = 'PromqlError';
    this.kind = kind;
    const position = positionOf(text, span.start);
    this.line = position.line;
    this.column = position.column;
    this.start = span.start;
    this.end = span.end;
  }

  override toString(): string {
    return this.kind === 'parse'
      ? `${this.line}:${this.column}: parse error: ${this.message}`
      : `${this.line}:${this.column}: ${this.message}`;
  }
}
