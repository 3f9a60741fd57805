import { type AggregateOperator, type BinaryOperator, childrenOf, type Expr, type Node } from '../ast.ts';
import { PromqlError } from '../promql-error.ts';
import { checkTypes } from '../check-types.ts';
import { parseLabelList, parseMatching, skipFill } from './parse-matching.ts';
import { Modifiers } from './parse-modifiers.ts';
import { numberOf, secondsOf } from './parse-number.ts';
import { parseSelector } from './parse-selector.ts';
import { unquote } from '../lexer/strings.ts';
import { signatureOf } from '../signatures.ts';
import { mayBegin, type Token } from '../lexer/token.ts';
import { TokenStream } from '../lexer/token-stream.ts';

export interface ParseOptions {
  /** Accept functions that Prometheus has behind a feature flag. Default false, so that rules stay portable. */
  readonly experimental?: boolean;
  /** Allows names with letters of all scripts and dots without quotes (`promql-unquoted-utf8-names`). */
  readonly unquotedUtf8Names?: boolean;
}

/** Binding power of the binary operators, from loose to tight; `^` binds to the right. */
const POWER: ReadonlyMap<string, number> = new Map(
  [
    ['or'],
    ['and', 'unless'],
    ['==', '!=', '<', '<=', '>', '>=', '</', '>/'],
    ['+', '-'],
    ['*', '/', '%', 'atan2'],
    ['^'],
  ].flatMap((operators, power) => operators.map((operator) => [operator, power + 1] as const)),
);
const UNARY_POWER = 5; // as multiplication, so that -a^b is -(a^b)

/** Experimental functions of Prometheus that are not built here. */
const NOT_BUILT: ReadonlySet<string> = new Set(['info', 'integral']);

/** Bounds for what a text may cost, far beyond any expression written by hand; Prometheus has none. */
const MAX_DEPTH = 250;
const MAX_OPERATORS = 500;
const MAX_TREE_DEPTH = 1000;

class Parser {
  readonly #tokens: TokenStream;
  readonly #modifiers: Modifiers;
  readonly #experimental: boolean;
  #depth = 0;
  #operators = 0;

  constructor(text: string, options: ParseOptions) {
    this.#tokens = new TokenStream(text, options.unquotedUtf8Names);
    this.#modifiers = new Modifiers(this.#tokens);
    this.#experimental = options.experimental === true;
  }

  expression(): Node {
    if (this.#tokens.peek().kind === 'end') {
      this.#tokens.fail('no expression found in input', { start: 0, end: 0 });
    }
    const node = this.#binary(0);
    if (this.#tokens.peek().kind !== 'end') this.#tokens.unexpected();
    return node;
  }

  /** An expression whose operators bind tighter than `power`. */
  #binary(power: number): Node {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) {
      this.#tokens.fail(`expression is nested more than ${MAX_DEPTH} levels deep`, this.#tokens.peek());
    }
    let left = this.#unary();
    for (;;) {
      const token = this.#tokens.peek();
      const own = token.kind === 'operator' ? POWER.get(token.word) : undefined;
      if (own === undefined || own <= power) break;
      left = this.#operation(left, this.#tokens.take(), own);
    }
    this.#depth--;
    return left;
  }

  #operation(left: Node, operator: Token, power: number): Node {
    this.#operators++;
    if (this.#operators > MAX_OPERATORS) {
      this.#tokens.fail(`expression has more than ${MAX_OPERATORS} operators`, operator);
    }
    const op = operator.word as BinaryOperator;
    const returnBool = this.#tokens.skip('bool');
    const matching = parseMatching(this.#tokens, op);
    const isFilled = skipFill(this.#tokens);
    const right = this.#binary(op === '^' ? power - 1 : power);
    if (isFilled) {
      const span = { start: left.start, end: right.end };
      this.#tokens.fail('binop fill modifiers are experimental and not enabled', span);
    }
    return { kind: 'binary', op, left, right, returnBool, matching, start: left.start, end: right.end };
  }

  #unary(): Node {
    const token = this.#tokens.peek();
    if (token.kind !== 'operator' || (token.word !== '+' && token.word !== '-')) return this.#primary();
    this.#tokens.take();
    const expr = this.#binary(UNARY_POWER);
    if (expr.kind === 'number') {
      return { ...expr, value: token.word === '-' ? -expr.value : expr.value, start: token.start };
    }
    return { kind: 'unary', op: token.word, expr, start: token.start, end: expr.end };
  }

  #primary(): Node {
    return this.#modifiers.apply(this.#atom());
  }

  #atom(): Node {
    const tokens = this.#tokens;
    const token = tokens.peek();
    const { start, end } = token;
    switch (token.kind) {
      case 'number':
        tokens.take();
        return { kind: 'number', value: numberOf(tokens, token), isDuration: false, start, end };
      case 'duration':
        tokens.take();
        return { kind: 'number', value: secondsOf(tokens, token), isDuration: true, start, end };
      case 'string':
        tokens.take();
        return { kind: 'string', value: unquote(token.text), start, end };
      case 'identifier':
      case 'preprocessor':
        tokens.take();
        return tokens.is('(') ? this.#call(token) : parseSelector(tokens, token);
      case 'aggregator':
        tokens.take();
        return this.#aggregateOrMetric(token);
      case 'metric identifier':
      case 'keyword':
      case 'operator':
        if (!mayBegin(token)) return tokens.unexpected();
        tokens.take();
        return parseSelector(tokens, token);
      case 'punctuation':
        return this.#punctuation(token);
      case 'end':
        return tokens.unexpected();
    }
  }

  #punctuation(token: Token): Node {
    if (token.word === '{') return parseSelector(this.#tokens, undefined);
    if (token.word !== '(') return this.#tokens.unexpected();
    this.#tokens.take();
    const expr = this.#binary(0);
    if (!this.#tokens.skip(')')) this.#tokens.unexpected();
    return { kind: 'paren', expr, start: token.start, end: this.#tokens.lastEnd };
  }

  /** `(a, b)` with the parenthesis next. */
  #arguments(): Node[] {
    this.#tokens.take();
    const args: Node[] = [];
    if (this.#tokens.skip(')')) return args;
    for (;;) {
      args.push(this.#binary(0));
      this.#tokens.checkLength(args, 'arguments');
      if (this.#tokens.skip(')')) return args;
      const comma = this.#tokens.peek();
      if (!this.#tokens.skip(',')) this.#tokens.unexpected();
      if (!mayBegin(this.#tokens.peek())) {
        this.#tokens.fail('trailing commas not allowed in function call args', comma);
      }
    }
  }

  #call(name: Token): Node {
    const args = this.#arguments();
    const signature = signatureOf(name.text);
    if (NOT_BUILT.has(name.text)) {
      this.#tokens.fail(`function ${JSON.stringify(name.text)} is not enabled`, name);
    }
    if (signature === undefined) {
      this.#tokens.fail(`unknown function with name ${JSON.stringify(name.text)}`, name);
    }
    if (signature.experimental === true && !this.#experimental) {
      this.#tokens.fail(`function ${JSON.stringify(name.text)} is not enabled`, name);
    }
    return { kind: 'call', name: name.text, args, start: name.start, end: this.#tokens.lastEnd };
  }

  #aggregateOrMetric(operator: Token): Node {
    const isModified = this.#tokens.is('by') || this.#tokens.is('without');
    if (!isModified && !this.#tokens.is('(')) return parseSelector(this.#tokens, operator);
    return this.#tokens.inAggregation(() => this.#aggregation(operator, isModified));
  }

  #aggregation(operator: Token, isModified: boolean): Node {
    const before = isModified ? this.#grouping() : undefined;
    if (!this.#tokens.is('(')) this.#tokens.unexpected();
    const args = this.#arguments();
    const mayModify = before === undefined && (this.#tokens.is('by') || this.#tokens.is('without'));
    const grouping = before ?? (mayModify ? this.#grouping() : { labels: [], without: false });
    return this.#aggregate(operator, args, grouping);
  }

  #grouping(): { readonly labels: readonly string[]; readonly without: boolean } {
    const without = this.#tokens.take().word === 'without';
    return { labels: parseLabelList(this.#tokens), without };
  }

  #aggregate(
    operator: Token,
    args: readonly Node[],
    { labels, without }: { readonly labels: readonly string[]; readonly without: boolean },
  ): Node {
    const span = { start: operator.start, end: this.#tokens.lastEnd };
    const op = operator.word;
    if (args.length === 0) this.#tokens.fail('no arguments for aggregate expression provided', span);
    if (op === 'limitk' || op === 'limit_ratio') {
      const flag = '--enable-feature=promql-experimental-functions';
      this.#tokens.fail(`${op}() is experimental and must be enabled with ${flag}`, span);
    }
    const hasParam = ['topk', 'bottomk', 'quantile', 'count_values'].includes(op);
    const expected = hasParam ? 2 : 1;
    if (args.length !== expected) {
      const what = 'wrong number of arguments for aggregate expression provided';
      this.#tokens.fail(`${what}, expected ${expected}, got ${args.length}`, span);
    }
    return {
      kind: 'aggregate',
      op: op as AggregateOperator,
      expr: args[expected - 1]!,
      param: hasParam ? args[0] : undefined,
      grouping: labels,
      without,
      ...span,
    };
  }
}

/** Subqueries and operators nest without parentheses; everything that walks the tree is recursive. */
function checkDepth(root: Node, text: string): void {
  const open = [{ node: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > MAX_TREE_DEPTH) {
      const message = `expression is nested more than ${MAX_TREE_DEPTH} levels deep`;
      throw new PromqlError('parse', message, text, node);
    }
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
  }
}

/**
 * Reads and type-checks one expression. Throws `PromqlError` of kind "parse" whose message is worded as Prometheus
 * words it (promql/parser: lex.go, generated_parser.y, parse.go).
 */
export function parse(text: string, options: ParseOptions = {}): Expr {
  const root = new Parser(text, options).expression();
  checkDepth(root, text);
  return { text, root, type: checkTypes(root, text) };
}
