import type { AtModifier, DurationExpr, Extension, Node, Subquery, VectorSelector } from '../ast.ts';
import { DurationParser } from './parse-duration.ts';
import { numberOf, secondsOf } from './parse-number.ts';
import type { TokenStream } from '../lexer/token-stream.ts';

const INT64 = 2 ** 63;

function isOffset({ offsetMs, offsetExpr }: VectorSelector | Subquery): boolean {
  return offsetMs !== 0 || offsetExpr !== undefined;
}

/** What a modifier sets. */
interface ModifierFields {
  readonly offsetMs?: number;
  readonly offsetExpr?: DurationExpr | undefined;
  readonly at?: AtModifier;
  readonly extended?: Extension;
  readonly end: number;
}

/** What follows an operand: `[range]`, `[range:step]`, `offset …` and `@ …`, in any order that makes sense. */
export class Modifiers {
  readonly #tokens: TokenStream;
  readonly #durations: DurationParser;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
    this.#durations = new DurationParser(tokens);
  }

  apply(operand: Node): Node {
    let node = operand;
    for (;;) {
      if (this.#tokens.is('[')) node = this.#range(node);
      else if (this.#tokens.skip('offset')) node = this.#offset(node);
      else if (this.#tokens.skip('@')) node = this.#at(node);
      else if (this.#tokens.skip('anchored')) node = this.#extend(node, 'anchored');
      else if (this.#tokens.skip('smoothed')) node = this.#extend(node, 'smoothed');
      else return node;
    }
  }

  /** Seconds of a number or duration token, which is taken; undefined when the next token is neither. */
  #seconds(): number | undefined {
    const token = this.#tokens.peek();
    if (token.kind !== 'number' && token.kind !== 'duration') return undefined;
    this.#tokens.take();
    return token.kind === 'number' ? numberOf(this.#tokens, token) : secondsOf(this.#tokens, token);
  }

  #extend(node: Node, extended: Extension): Node {
    if (node.kind === 'subquery') {
      return this.#tokens.fail(`${extended} modifier is not supported for subqueries`, node);
    }
    return this.#change(node, `${extended} modifier not implemented`, (target) => {
      if ('extended' in target && target.extended !== undefined && target.extended !== extended) {
        this.#tokens.fail('anchored and smoothed modifiers cannot be used together', node);
      }
      return { extended, end: node.end };
    });
  }

  #range(node: Node): Node {
    const open = this.#tokens.take();
    const { ms: rangeMs, expr: rangeExpr } = this.#durations.positive(
      'subquery or range selector',
      'number, duration, step(), or range()',
    );
    if (this.#tokens.skip(':')) return this.#subquery(node, rangeMs, rangeExpr);
    if (!this.#tokens.skip(']')) this.#tokens.unexpected('subquery or range', '":" or "]"');
    const span = { start: open.start, end: this.#tokens.lastEnd };
    if (node.kind !== 'vector-selector') {
      return this.#tokens.fail('ranges only allowed for vector selectors', span);
    }
    if (isOffset(node)) this.#tokens.fail('no offset modifiers allowed before range', span);
    if (node.at !== undefined) this.#tokens.fail('no @ modifiers allowed before range', span);
    return { kind: 'matrix-selector', selector: node, rangeMs, rangeExpr, start: node.start, end: span.end };
  }

  #subquery(expr: Node, rangeMs: number, rangeExpr: DurationExpr | undefined): Node {
    const step = this.#tokens.is(']')
      ? undefined
      : this.#durations.positive('subquery selector', 'number, duration, step(), range(), or "]"');
    if (!this.#tokens.skip(']')) this.#tokens.unexpected('subquery selector', '"]"');
    return {
      kind: 'subquery',
      expr,
      rangeMs,
      rangeExpr,
      stepMs: step?.ms ?? 0,
      stepExpr: step?.expr,
      offsetMs: 0,
      at: undefined,
      start: expr.start,
      end: this.#tokens.lastEnd,
    };
  }

  #offset(node: Node): Node {
    const { ms: offsetMs, expr: offsetExpr } = this.#durations.offset();
    return this.#change(
      node,
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      (target) => {
        if (isOffset(target)) this.#tokens.fail('offset may not be set multiple times', node);
        return { offsetMs, offsetExpr, end: this.#tokens.lastEnd };
      },
    );
  }

  #at(node: Node): Node {
    const at = this.#atModifier(node);
    return this.#change(
      node,
      '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      (target) => {
        if (target.at !== undefined) this.#tokens.fail('@ <timestamp> may not be set multiple times', node);
        return { at, end: this.#tokens.lastEnd };
      },
    );
  }

  #atModifier(node: Node): AtModifier {
    const bound = this.#tokens.peek();
    if (bound.kind === 'preprocessor' && (bound.word === 'start' || bound.word === 'end')) {
      this.#tokens.take();
      if (!this.#tokens.skip('(') || !this.#tokens.skip(')')) this.#tokens.unexpected('@', 'timestamp');
      return { kind: bound.word };
    }
    const isNegative = bound.word === '-';
    if (isNegative || bound.word === '+') this.#tokens.take();
    const read = this.#seconds() ?? this.#tokens.unexpected('@', 'timestamp');
    const seconds = isNegative ? -read : read;
    if (!(Math.abs(seconds) < INT64)) {
      const shown = Number.isFinite(seconds) ? seconds.toFixed(6) : formatInfinite(seconds);
      this.#tokens.fail(`timestamp out of bounds for @ modifier: ${shown}`, node);
    }
    return { kind: 'time', timeMs: Math.round(seconds * 1000) };
  }

  /** Sets fields of the selector or subquery that a modifier belongs to. */
  #change(
    node: Node,
    complaint: string,
    fields: (target: VectorSelector | Subquery) => ModifierFields,
  ): Node {
    switch (node.kind) {
      case 'vector-selector':
      case 'subquery':
        return { ...node, ...fields(node) };
      case 'matrix-selector': {
        const { end, ...rest } = fields(node.selector);
        return { ...node, selector: { ...node.selector, ...rest }, end };
      }
      case 'number':
      case 'string':
      case 'call':
      case 'aggregate':
      case 'binary':
      case 'unary':
      case 'paren':
        return this.#tokens.fail(complaint, node);
    }
  }
}

function formatInfinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
