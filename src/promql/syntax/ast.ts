import type { Matcher } from './matchers/matcher.ts';
import type { Span } from './position.ts';

/** The types of PromQL values; an error text calls a vector "instant vector" and a matrix "range vector". */
export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
/** Cuts a native histogram off above or below a value; floats have no result. */
export type TrimOperator = '</' | '>/';
export type BinaryOperator = TrimOperator | ArithmeticOperator | ComparisonOperator | SetOperator;

export type AggregateOperator =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values';

/**
 * What the value at the ends of a range is: that of the sample before (anchored), or on the line between the samples
 * around (smoothed).
 */
export type Extension = 'anchored' | 'smoothed';

/** The fixed time of `@`: a number of milliseconds, or a bound of the query. */
export type AtModifier =
  { readonly kind: 'time'; readonly timeMs: number } | { readonly kind: 'start' | 'end' };

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
  /** Written as a duration such as `5m`; the value is seconds. */
  readonly isDuration: boolean;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** A duration that is computed: `5m * 2`, `step() + 1m`, `max_of(step(), 1m)`. Numbers are seconds. */
export type DurationExpr = Span &
  (
    | { readonly kind: 'seconds'; readonly value: number; readonly isDuration: boolean }
    | { readonly kind: 'sign'; readonly op: '+' | '-'; readonly expr: DurationExpr }
    | { readonly kind: 'paren'; readonly expr: DurationExpr }
    | {
        readonly kind: 'operation';
        readonly op: '+' | '-' | '*' | '/' | '%' | '^';
        readonly left: DurationExpr;
        readonly right: DurationExpr;
      }
    | { readonly kind: 'step' | 'range' }
    | { readonly kind: 'min_of' | 'max_of'; readonly left: DurationExpr; readonly right: DurationExpr }
  );

/** `name{matchers} offset … @ …` */
export interface VectorSelector extends Span {
  readonly kind: 'vector-selector';
  /** The name before the braces, '' when there is none. */
  readonly name: string;
  /** All conditions, the one on the name included. */
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
  /** Where the offset is computed; `offsetMs` is 0 until `resolveDurations` unless it is constant. */
  readonly offsetExpr?: DurationExpr | undefined;
  readonly at: AtModifier | undefined;
  /** Samples beyond the range are taken in, to know the values at its ends. */
  readonly extended?: Extension | undefined;
}

/** `selector[range]`; offset and `@` are in the selector. */
export interface MatrixSelector extends Span {
  readonly kind: 'matrix-selector';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
  readonly rangeExpr?: DurationExpr | undefined;
}

/** `expr[range:step]` */
export interface Subquery extends Span {
  readonly kind: 'subquery';
  readonly expr: Node;
  readonly rangeMs: number;
  readonly rangeExpr?: DurationExpr | undefined;
  /** 0: the default step of the evaluation. */
  readonly stepMs: number;
  readonly stepExpr?: DurationExpr | undefined;
  readonly offsetMs: number;
  readonly offsetExpr?: DurationExpr | undefined;
  readonly at: AtModifier | undefined;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Node[];
}

export interface Aggregate extends Span {
  readonly kind: 'aggregate';
  readonly op: AggregateOperator;
  readonly expr: Node;
  /** The first argument of topk, bottomk, quantile and count_values. */
  readonly param: Node | undefined;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export type Cardinality = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

/** How the samples of two vectors find each other. */
export interface VectorMatching {
  readonly cardinality: Cardinality;
  readonly labels: readonly string[];
  /** `on(labels)`; else `ignoring(labels)`. */
  readonly on: boolean;
  /** Labels of the "one" side that the result takes over. */
  readonly include: readonly string[];
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  readonly left: Node;
  readonly right: Node;
  readonly returnBool: boolean;
  /** As written, or the default; without effect when a side is a scalar. */
  readonly matching: VectorMatching;
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly op: '+' | '-';
  readonly expr: Node;
}

export interface Paren extends Span {
  readonly kind: 'paren';
  readonly expr: Node;
}

export type Node =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

/** A parsed and type-checked expression. */
export interface Expr {
  readonly text: string;
  readonly root: Node;
  readonly type: ValueType;
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function isComparison(op: BinaryOperator): op is ComparisonOperator {
  return COMPARISONS.has(op);
}

export function isTrim(op: BinaryOperator): op is TrimOperator {
  return op === '</' || op === '>/';
}

export function isSetOperator(op: BinaryOperator): op is SetOperator {
  return SETS.has(op);
}

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'vector-selector':
      return [];
    case 'matrix-selector':
      return [node.selector];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [node.expr];
    case 'call':
      return node.args;
    case 'aggregate':
      return node.param === undefined ? [node.expr] : [node.param, node.expr];
    case 'binary':
      return [node.left, node.right];
  }
}

/** A node and all nodes below it, parents first. */
export function* walk(node: Node): Iterable<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

/** The node inside any parentheses. */
export function unparen(node: Node): Node {
  return node.kind === 'paren' ? unparen(node.expr) : node;
}
