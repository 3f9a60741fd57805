import type { AtModifier, Node, Subquery, VectorSelector } from './ast.ts';
import { numberOf, secondsOf, toMilliseconds } from './parse-number.ts';
import type { Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

const INT64 = 2 ** 63;
const EXPECTED_DURATION = 'number, duration, step(), or range()';

/** What a modifier sets. */
interface ModifierFields {
  readonly offsetMs?: number;
  readonly at?: AtModifier;
  readonly end: number;
}

/** What follows an operand: `[range]`, `[range:step]`, `offset …` and `@ …`, in any order that makes sense. */
export class Modifiers {
  readonly #tokens: TokenStream;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  apply(operand: Node): Node {
    let node = operand;
    for (;;) {
      if (this.#tokens.is('[')) node = this.#range(node);
      else if (this.#tokens.skip('offset')) node = this.#offset(node);
      else if (this.#tokens.skip('@')) node = this.#at(node);
      else break;
    }
    for (const word of ['anchored', 'smoothed']) {
      if (this.#tokens.is(word)) {
        this.#tokens.fail(`${word} modifier is experimental and not enabled`, node);
      }
    }
    return node;
  }

  /** Seconds of a number or duration token, which was taken; undefined when the next token is neither. */
  #seconds(): { readonly seconds: number; readonly token: Token } | undefined {
    const token = this.#tokens.peek();
    if (token.kind !== 'number' && token.kind !== 'duration') return undefined;
    this.#tokens.take();
    const read = token.kind === 'number' ? numberOf : secondsOf;
    return { seconds: read(this.#tokens, token), token };
  }

  /** A duration in brackets, which must be more than nothing; milliseconds. */
  #positive(context: string, expected: string): number {
    const sign = this.#tokens.peek();
    if (sign.word === '-' || sign.word === '+') {
      this.#tokens.fail('experimental duration expression is not enabled', sign);
    }
    const { seconds, token } = this.#seconds() ?? this.#tokens.unexpected(context, expected);
    if (seconds <= 0) this.#tokens.fail('duration must be greater than 0', token);
    const ms = toMilliseconds(this.#tokens, seconds, token);
    if (ms === 0) this.#tokens.fail('duration must be greater than 0', token);
    const next = this.#tokens.peek();
    if (next.kind === 'operator' && next.word !== '@') {
      this.#tokens.fail('experimental duration expression is not enabled', token);
    }
    return ms;
  }

  #range(node: Node): Node {
    const open = this.#tokens.take();
    const rangeMs = this.#positive('subquery or range selector', EXPECTED_DURATION);
    if (this.#tokens.skip(':')) return this.#subquery(node, rangeMs);
    if (!this.#tokens.skip(']')) this.#tokens.unexpected('subquery or range', '":" or "]"');
    const span = { start: open.start, end: this.#tokens.lastEnd };
    if (node.kind !== 'vector-selector') {
      return this.#tokens.fail('ranges only allowed for vector selectors', span);
    }
    if (node.offsetMs !== 0) this.#tokens.fail('no offset modifiers allowed before range', span);
    if (node.at !== undefined) this.#tokens.fail('no @ modifiers allowed before range', span);
    return { kind: 'matrix-selector', selector: node, rangeMs, start: node.start, end: span.end };
  }

  #subquery(expr: Node, rangeMs: number): Node {
    let stepMs = 0;
    if (!this.#tokens.is(']')) {
      stepMs = this.#positive('subquery selector', 'number, duration, step(), range(), or "]"');
    }
    if (!this.#tokens.skip(']')) this.#tokens.unexpected('subquery selector', '"]"');
    const end = this.#tokens.lastEnd;
    return { kind: 'subquery', expr, rangeMs, stepMs, offsetMs: 0, at: undefined, start: expr.start, end };
  }

  #offset(node: Node): Node {
    const sign = this.#tokens.peek().word;
    if (sign === '-' || sign === '+') this.#tokens.take();
    const { seconds, token } = this.#seconds() ?? this.#tokens.unexpected('offset', EXPECTED_DURATION);
    const offsetMs = toMilliseconds(this.#tokens, sign === '-' ? -seconds : seconds, token);
    return this.#change(
      node,
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      (target) => {
        if (target.offsetMs !== 0) this.#tokens.fail('offset may not be set multiple times', node);
        return { offsetMs, end: this.#tokens.lastEnd };
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
    const seconds = isNegative ? -read.seconds : read.seconds;
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
