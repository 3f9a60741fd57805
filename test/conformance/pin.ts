import type { AtModifier, Node } from '../../src/promql/syntax/ast.ts';
import { walk } from '../../src/promql/syntax/ast.ts';

/** Functions whose result depends on when they are asked, whatever their arguments (promql, AtModifierUnsafeFunctions). */
const UNSAFE = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
  'start',
  'end',
  'step',
  'range',
]);

function pinNode(node: Node, at: AtModifier): Node {
  switch (node.kind) {
    case 'number':
    case 'string':
      return node;
    case 'vector-selector':
      return { ...node, at: node.at ?? at };
    case 'matrix-selector':
      return { ...node, selector: { ...node.selector, at: node.selector.at ?? at } };
    case 'subquery':
      // What is inside runs at the times of the subquery, which is pinned itself.
      return { ...node, at: node.at ?? at };
    case 'call':
      return { ...node, args: node.args.map((arg) => pinNode(arg, at)) };
    case 'aggregate':
      return { ...node, expr: pinNode(node.expr, at), param: node.param && pinNode(node.param, at) };
    case 'binary':
      return { ...node, left: pinNode(node.left, at), right: pinNode(node.right, at) };
    case 'unary':
    case 'paren':
      return { ...node, expr: pinNode(node.expr, at) };
  }
}

/** The same expression reading at one time only; undefined when its result would depend on the time even so. */
export function pinTo(root: Node, timeMs: number): Node | undefined {
  const isUnsafe = [...walk(root)].some((node) => node.kind === 'call' && UNSAFE.has(node.name));
  return isUnsafe ? undefined : pinNode(root, { kind: 'time', timeMs });
}
