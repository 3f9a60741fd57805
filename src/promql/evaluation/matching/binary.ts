// Hot path: one call per binary node and step.
import type { Binary, Node } from '../../syntax/ast.ts';
import { isComparison, isSetOperator, isTrim } from '../../syntax/ast.ts';
import { arithmetic, comparison } from './binary-operators.ts';
import type { EvaluationContext } from '../evaluation-context.ts';
import type { Sample, Vector } from '../sample.ts';
import { matchSets } from './set-operators.ts';
import { matchVectors } from './vector-matching.ts';

/** Two scalars; a comparison gives 0 or 1. */
export function evaluateBinaryScalar({ op }: Binary, left: number, right: number): number {
  if (isSetOperator(op) || isTrim(op)) return Number.NaN;
  return isComparison(op) ? Number(comparison[op](left, right)) : arithmetic[op](left, right);
}

/** A comparison or arithmetic operation between each sample of a vector and one number. */
function withScalar(node: Binary, vector: Vector, scalar: number, scalarIsLeft: boolean): Vector {
  const { op, returnBool } = node;
  if (isSetOperator(op) || isTrim(op)) return [];
  const samples: Sample[] = [];
  if (!isComparison(op)) {
    const apply = arithmetic[op];
    for (const { labels, value } of vector) {
      const result = scalarIsLeft ? apply(scalar, value) : apply(value, scalar);
      samples.push({ labels, value: result, dropName: true });
    }
    return samples;
  }
  const holds = comparison[op];
  for (const sample of vector) {
    const keep = scalarIsLeft ? holds(scalar, sample.value) : holds(sample.value, scalar);
    if (returnBool) samples.push({ labels: sample.labels, value: Number(keep), dropName: true });
    else if (keep) samples.push(sample);
  }
  return samples;
}

function isScalar(node: Node, context: EvaluationContext): boolean {
  return context.typeOf(node) === 'scalar';
}

/** `</` and `>/` cut native histograms; between floats there is no result but an annotation. */
function trim(context: EvaluationContext, node: Binary, timeMs: number): Vector {
  const isEmpty = [node.left, node.right].some(
    (side) => !isScalar(side, context) && context.vector(side, timeMs).length === 0,
  );
  if (!isEmpty) {
    const types = `"${node.op}": float ${node.op} float`;
    context.annotations.info(`incompatible sample types encountered for binary operator ${types}`, node);
  }
  return [];
}

/** A binary operation of which at least one side is a vector. */
export function evaluateBinaryVector(context: EvaluationContext, node: Binary, timeMs: number): Vector {
  const { left, right } = node;
  if (isTrim(node.op)) return trim(context, node, timeMs);
  if (isScalar(left, context)) {
    return withScalar(node, context.vector(right, timeMs), context.scalar(left, timeMs), true);
  }
  const leftVector = context.vector(left, timeMs);
  if (isScalar(right, context)) return withScalar(node, leftVector, context.scalar(right, timeMs), false);
  // One side waits while the other is evaluated, on each level of a nested expression.
  context.budget.hold(leftVector.length, left);
  const rightVector = context.vector(right, timeMs);
  context.budget.release(leftVector.length);
  return isSetOperator(node.op)
    ? matchSets(node, node.op, leftVector, rightVector)
    : matchVectors(context, node, leftVector, rightVector);
}
