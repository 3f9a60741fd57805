import { formatPlain } from '../../samples/format-number.ts';
import { METRIC_NAME, printLabelName, quoteText } from '../../samples/labels.ts';
import type {
  Aggregate,
  AtModifier,
  Binary,
  DurationExpr,
  Expr,
  Node,
  Subquery,
  VectorSelector,
} from './ast.ts';
import { formatDurationMs } from './durations.ts';

function printLabels(names: readonly string[]): string {
  return `(${names.map(printLabelName).join(', ')})`;
}

function printDuration(ms: number, expr: DurationExpr | undefined): string {
  return expr === undefined ? formatDurationMs(ms) : printDurationExpr(expr);
}

function printDurationExpr(expr: DurationExpr): string {
  switch (expr.kind) {
    case 'seconds':
      return printNumber(expr.value, expr.isDuration);
    case 'sign':
      return expr.op + printDurationExpr(expr.expr);
    case 'paren':
      return `(${printDurationExpr(expr.expr)})`;
    case 'operation':
      return `${printDurationExpr(expr.left)} ${expr.op} ${printDurationExpr(expr.right)}`;
    case 'step':
    case 'range':
      return `${expr.kind}()`;
    case 'min_of':
    case 'max_of':
      return `${expr.kind}(${printDurationExpr(expr.left)}, ${printDurationExpr(expr.right)})`;
  }
}

function printNumber(value: number, isDuration: boolean): string {
  if (isDuration) return formatDurationMs(Math.round(value * 1000));
  // Not +Inf as in Prometheus: a sign before it would become another sign each time.
  return value === Number.POSITIVE_INFINITY ? 'Inf' : formatPlain(value);
}

/** What follows a selector; Prometheus puts the extension of a range before the time. */
function printModifiers(selector: VectorSelector, isRange: boolean): string {
  const { at, extended, offsetMs, offsetExpr } = selector;
  const extension = extended === undefined ? '' : ` ${extended}`;
  const time = at === undefined ? '' : ` @ ${printAt(at)}`;
  const offset = printOffset(offsetMs, offsetExpr);
  return isRange ? extension + time + offset : time + extension + offset;
}

function printOffset(offsetMs: number, offsetExpr: DurationExpr | undefined): string {
  if (offsetMs === 0 && offsetExpr === undefined) return '';
  return ` offset ${printDuration(offsetMs, offsetExpr)}`;
}

function printTime({ at, offsetMs, offsetExpr }: Subquery): string {
  return (at === undefined ? '' : ` @ ${printAt(at)}`) + printOffset(offsetMs, offsetExpr);
}

function printAt(at: AtModifier): string {
  return at.kind === 'time' ? (at.timeMs / 1000).toFixed(3) : `${at.kind}()`;
}

/** The selector itself, without what follows a range. */
function printSeries({ name, matchers }: VectorSelector): string {
  const shown = matchers.filter((matcher) => name === '' || matcher.name !== METRIC_NAME);
  const text = shown
    .map(({ name: label, op, value }) => `${printLabelName(label)}${op}${quoteText(value)}`)
    .sort();
  return text.length === 0 && name !== '' ? name : `${name}{${text.join(',')}}`;
}

function printBinary({ op, left, right, returnBool, matching }: Binary): string {
  const { cardinality, labels, on, include } = matching;
  const bool = returnBool ? ' bool' : '';
  let vectors = '';
  if (on || labels.length > 0) vectors = ` ${on ? 'on' : 'ignoring'} ${printLabels(labels)}`;
  const group = { 'many-to-one': ' group_left ', 'one-to-many': ' group_right ' } as const;
  if (cardinality === 'many-to-one' || cardinality === 'one-to-many') {
    if (vectors === '') vectors = ` ignoring ()`;
    vectors += group[cardinality] + printLabels(include);
  }
  return `${printNode(left)} ${op}${bool}${vectors} ${printNode(right)}`;
}

function printAggregate({ op, param, expr, grouping, without }: Aggregate): string {
  const args = param === undefined ? printNode(expr) : `${printNode(param)}, ${printNode(expr)}`;
  if (without) return `${op} without ${printLabels(grouping)} (${args})`;
  return grouping.length === 0 ? `${op}(${args})` : `${op} by ${printLabels(grouping)} (${args})`;
}

function printSubquery(node: Subquery): string {
  const hasStep = node.stepMs !== 0 || node.stepExpr !== undefined;
  const step = hasStep ? printDuration(node.stepMs, node.stepExpr) : '';
  return `${printNode(node.expr)}[${printDuration(node.rangeMs, node.rangeExpr)}:${step}]${printTime(node)}`;
}

/** The text of a node; parentheses are nodes of their own. */
export function printNode(node: Node): string {
  switch (node.kind) {
    case 'number':
      return printNumber(node.value, node.isDuration);
    case 'string':
      return quoteText(node.value);
    case 'vector-selector':
      return printSeries(node) + printModifiers(node, false);
    case 'matrix-selector':
      return `${printSeries(node.selector)}[${printDuration(node.rangeMs, node.rangeExpr)}]${printModifiers(node.selector, true)}`;
    case 'subquery':
      return printSubquery(node);
    case 'call':
      return `${node.name}(${node.args.map(printNode).join(', ')})`;
    case 'aggregate':
      return printAggregate(node);
    case 'binary':
      return printBinary(node);
    case 'unary':
      return node.op + printNode(node.expr);
    case 'paren':
      return `(${printNode(node.expr)})`;
  }
}

/** The expression in one line and one spelling; parses to the same. */
export function print(expr: Expr): string {
  return printNode(expr.root);
}
