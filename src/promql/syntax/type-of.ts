import type { Node, ValueType } from './ast.ts';
import { signatureOf } from './signatures.ts';

/** The type of a node, taken from its kind alone: that of a checked expression. */
export function typeOf(node: Node): ValueType {
  switch (node.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector-selector':
    case 'aggregate':
      return 'vector';
    case 'matrix-selector':
    case 'subquery':
      return 'matrix';
    case 'call':
      return signatureOf(node.name)!.returns;
    case 'unary':
    case 'paren':
      return typeOf(node.expr);
    case 'binary':
      return typeOf(node.left) === 'scalar' && typeOf(node.right) === 'scalar' ? 'scalar' : 'vector';
  }
}
