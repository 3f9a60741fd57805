// Hot path: one look-up per sample of either side.
import type { Labels } from '../../../samples/labels.ts';
import type { Binary, SetOperator } from '../../syntax/ast.ts';
import { Projection, projectionFor } from './projection.ts';
import type { Vector } from '../sample.ts';

/** The labels by which the two sides of an operation find each other. */
export function signatureOf(node: Binary): Projection {
  const { on, labels } = node.matching;
  return projectionFor(node, 'signature', () =>
    on ? Projection.keeping(labels) : Projection.dropping(labels),
  );
}

/** `and`, `or` and `unless` between two vectors. */
export function matchSets(node: Binary, op: SetOperator, left: Vector, right: Vector): Vector {
  const signature = signatureOf(node);
  const seen = new Set<Labels>();
  switch (op) {
    case 'and':
      for (const { labels } of right) seen.add(signature.of(labels));
      return left.filter(({ labels }) => seen.has(signature.of(labels)));
    case 'unless':
      for (const { labels } of right) seen.add(signature.of(labels));
      return left.filter(({ labels }) => !seen.has(signature.of(labels)));
    case 'or':
      for (const { labels } of left) seen.add(signature.of(labels));
      return [...left, ...right.filter(({ labels }) => !seen.has(signature.of(labels)))];
  }
}
