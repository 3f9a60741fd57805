import { METRIC_NAME, quoteText } from '../../samples/labels.ts';
import type { Aggregate, Binary, Call, Node, Subquery, Unary, ValueType, VectorSelector } from './ast.ts';
import { isComparison, isSetOperator } from './ast.ts';
import type { Span } from './position.ts';
import { PromqlError } from './promql-error.ts';
import { signatureOf } from './signatures.ts';
import { typeOf } from './type-of.ts';

/** What the documentation, and so an error text, calls a type. */
const DOCUMENTED: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
  matrix: 'range vector',
};

class Checker {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  check(node: Node): ValueType {
    switch (node.kind) {
      case 'number':
        return 'scalar';
      case 'string':
        return 'string';
      case 'vector-selector':
        this.#selector(node);
        return 'vector';
      case 'matrix-selector':
        this.#selector(node.selector);
        return 'matrix';
      case 'subquery':
        this.#subquery(node);
        return 'matrix';
      case 'paren':
        return this.check(node.expr);
      case 'unary':
        return this.#unary(node);
      case 'aggregate':
        this.#aggregate(node);
        return 'vector';
      case 'call':
        return this.#call(node);
      case 'binary':
        return this.#binary(node);
    }
  }

  #fail(message: string, span: Span): never {
    throw new PromqlError('parse', message, this.#text, span);
  }

  #expect(node: Node, wanted: ValueType, context: string): void {
    const type = this.check(node);
    if (type !== wanted) {
      this.#fail(`expected type ${DOCUMENTED[wanted]} in ${context}, got ${DOCUMENTED[type]}`, node);
    }
  }

  #selector(node: VectorSelector): void {
    if (node.name !== '') {
      const second = node.matchers.slice(0, -1).find((matcher) => matcher.name === METRIC_NAME);
      if (second !== undefined) {
        const names = `${quoteText(node.name)} or ${quoteText(second.value)}`;
        this.#fail(`metric name must not be set twice: ${names}`, node);
      }
      return;
    }
    if (node.matchers.every((matcher) => matcher.matches(''))) {
      this.#fail('vector selector must contain at least one non-empty matcher', node);
    }
  }

  #subquery(node: Subquery): void {
    const type = this.check(node.expr);
    if (type !== 'vector') {
      this.#fail(`subquery is only allowed on instant vector, got ${type} instead`, node);
    }
  }

  #unary(node: Unary): ValueType {
    const type = this.check(node.expr);
    if (type !== 'scalar' && type !== 'vector') {
      const allowed = 'unary expression only allowed on expressions of type scalar or instant vector';
      this.#fail(`${allowed}, got "${DOCUMENTED[type]}"`, node);
    }
    return type;
  }

  #aggregate({ op, expr, param }: Aggregate): void {
    this.#expect(expr, 'vector', 'aggregation expression');
    if (param !== undefined) {
      this.#expect(param, op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
    }
  }

  #call(node: Call): ValueType {
    const { args, variadic, returns } = signatureOf(node.name)!;
    const got = node.args.length;
    const called = `argument(s) in call to "${node.name}", got ${got}`;
    if (variadic === undefined) {
      if (got !== args.length) this.#fail(`expected ${args.length} ${called}`, node);
    } else {
      const least = args.length - 1;
      if (got < least) this.#fail(`expected at least ${least} ${called}`, node);
      if (variadic > 0 && got > least + variadic) {
        this.#fail(`expected at most ${least + variadic} ${called}`, node);
      }
    }
    for (const [i, arg] of node.args.entries()) {
      this.#expect(arg, args[Math.min(i, args.length - 1)]!, `call to function "${node.name}"`);
    }
    return returns;
  }

  #binary(node: Binary): ValueType {
    const left = this.check(node.left);
    const right = this.check(node.right);
    const operator = { start: this.#skipSpace(node.left.end), end: node.right.start };
    if (node.returnBool && !isComparison(node.op)) {
      this.#fail('bool modifier can only be used on comparison operators', operator);
    }
    if (isComparison(node.op) && !node.returnBool && typeOf(node.left) === 'scalar' && right === 'scalar') {
      this.#fail('comparisons between scalars must use BOOL modifier', operator);
    }
    const { on, labels, include } = node.matching;
    const twice = on ? labels.find((label) => include.includes(label)) : undefined;
    if (twice !== undefined) {
      this.#fail(`label ${quoteText(twice)} must not occur in ON and GROUP clause at once`, operator);
    }
    for (const [type, side] of [
      [left, node.left],
      [right, node.right],
    ] as const) {
      if (type !== 'scalar' && type !== 'vector') {
        this.#fail('binary expression must contain only scalar and instant vector types', side);
      }
    }
    this.#matching(node, left === 'vector' && right === 'vector');
    return left === 'scalar' && right === 'scalar' ? 'scalar' : 'vector';
  }

  #matching(node: Binary, isVectors: boolean): void {
    const { labels, cardinality } = node.matching;
    if (!isVectors && labels.length > 0) {
      this.#fail('vector matching only allowed between instant vectors', node);
    }
    if (!isSetOperator(node.op)) return;
    if (isVectors && cardinality !== 'many-to-many') {
      this.#fail(`no grouping allowed for "${node.op}" operation`, node);
    }
    if (!isVectors) this.#fail(`set operator "${node.op}" not allowed in binary scalar expression`, node);
  }

  #skipSpace(offset: number): number {
    return offset + /^\s*/.exec(this.#text.slice(offset))![0].length;
  }
}

/**
 * Checks the types of a whole expression and returns its own. Throws the first `PromqlError` in the order in which
 * Prometheus checks (promql/parser/parse.go, checkAST).
 */
export function checkTypes(root: Node, text: string): ValueType {
  return new Checker(text).check(root);
}
