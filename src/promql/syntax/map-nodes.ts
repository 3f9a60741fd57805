import type { Node, VectorSelector } from './ast.ts';

/** A copy of a tree in which every node went through `change`, children first. A selector must stay a selector. */
export function mapNodes(node: Node, change: (node: Node) => Node): Node {
  const inner = (child: Node): Node => mapNodes(child, change);
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'vector-selector':
      return change(node);
    case 'matrix-selector':
      return change({ ...node, selector: change(node.selector) as VectorSelector });
    case 'subquery':
    case 'unary':
    case 'paren':
      return change({ ...node, expr: inner(node.expr) });
    case 'call':
      return change({ ...node, args: node.args.map(inner) });
    case 'aggregate':
      return change({ ...node, expr: inner(node.expr), param: node.param && inner(node.param) });
    case 'binary':
      return change({ ...node, left: inner(node.left), right: inner(node.right) });
  }
}
