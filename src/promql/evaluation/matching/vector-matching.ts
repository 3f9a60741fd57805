// Hot path: one look-up per sample of either side; result labels are kept from one evaluation to the next.
import type { Labels } from '../../../samples/labels.ts';
import type { Binary } from '../../syntax/ast.ts';
import { isComparison, isSetOperator, isTrim } from '../../syntax/ast.ts';
import { arithmetic, comparison } from './binary-operators.ts';
import type { EvaluationContext } from '../evaluation-context.ts';
import { Projection, projectionFor } from './projection.ts';
import type { Sample, Vector } from '../sample.ts';
import { signatureOf } from './set-operators.ts';

/** What an operation makes of two values: a value, or nothing when a filter does not let it pass. */
type Operation = (left: number, right: number) => number | undefined;

function operationOf({ op, returnBool }: Binary): Operation {
  if (isSetOperator(op) || isTrim(op)) return () => undefined;
  if (!isComparison(op)) return arithmetic[op];
  const holds = comparison[op];
  if (returnBool) return (left, right) => Number(holds(left, right));
  return (left, right) => (holds(left, right) ? left : undefined);
}

/** The samples of the "one" side by signature; two with the same are an error. */
function bySignature(
  context: EvaluationContext,
  node: Binary,
  one: Vector,
  side: 'left' | 'right',
): Map<Labels, Sample> {
  const signature = signatureOf(node);
  const found = new Map<Labels, Sample>();
  for (const sample of one) {
    const key = signature.of(sample.labels);
    const other = found.get(key);
    if (other !== undefined) {
      // Sorted, so that the text is the same from one evaluation to the next.
      const both = [other, sample].map(({ labels }) => labels.toSetString()).sort();
      const group = `match group ${key.toSetString()} on the ${side} hand-side of the operation`;
      context.fail(
        `found duplicate series for the ${group}: [${both.join(', ')}];` +
          'many-to-many matching not allowed: matching labels must be unique on one side',
        node,
      );
    }
    found.set(key, sample);
  }
  return found;
}

/** The labels of the result of a pair, before a metric name is dropped. */
class ResultLabels {
  readonly #node: Binary;
  readonly #context: EvaluationContext;
  readonly #part: Projection;
  /** For group_left and group_right with labels to take over: many side → one side → result. */
  readonly #joined: WeakMap<Labels, Map<string, Labels>>;

  constructor(context: EvaluationContext, node: Binary) {
    this.#context = context;
    const { on, labels } = node.matching;
    this.#node = node;
    this.#part = projectionFor(node, 'result', () =>
      on ? Projection.keeping(labels) : Projection.droppingButName(labels),
    );
    this.#joined = joinedOf(node);
  }

  of(many: Labels, one: Labels): Labels {
    const { cardinality, include } = this.#node.matching;
    if (cardinality === 'one-to-one') return this.#part.of(many);
    if (include.length === 0) return many;
    const values = include.map((name) => one.get(name));
    const key = values.length === 1 ? values[0]! : values.map((value) => `${value.length}:${value}`).join('');
    let byValues = this.#joined.get(many);
    if (byValues === undefined) {
      byValues = new Map();
      this.#joined.set(many, byValues);
    }
    let result = byValues.get(key);
    if (result === undefined) {
      const names = include.reduce((sum, name) => sum + name.length, 0);
      this.#context.budget.labels(many.key.length + names + key.length, this.#node);
      result = many.with(Object.fromEntries(include.map((name, i) => [name, values[i]!])));
      byValues.set(key, result);
    }
    return result;
  }
}

const joinedByNode = new WeakMap<Binary, WeakMap<Labels, Map<string, Labels>>>();

function joinedOf(node: Binary): WeakMap<Labels, Map<string, Labels>> {
  let joined = joinedByNode.get(node);
  if (joined === undefined) {
    joined = new WeakMap();
    joinedByNode.set(node, joined);
  }
  return joined;
}

/** Arithmetic or comparison between two vectors (promql/engine.go, VectorBinop). */
export function matchVectors(context: EvaluationContext, node: Binary, left: Vector, right: Vector): Vector {
  if (left.length === 0 || right.length === 0) return [];
  const { cardinality } = node.matching;
  const swapped = cardinality === 'one-to-many';
  const many = swapped ? right : left;
  const ones = bySignature(context, node, swapped ? left : right, swapped ? 'left' : 'right');
  const signature = signatureOf(node);
  const operate = operationOf(node);
  // Arithmetic takes the name away at once, a comparison to 0 and 1 at the end of the evaluation.
  const isArithmetic = !isComparison(node.op);
  const results = new ResultLabels(context, node);
  // One to one: each signature may match once. Otherwise: each result may occur once under its signature.
  const matched = new Map<Labels, Set<string>>();
  const samples: Sample[] = [];
  for (const sample of many) {
    const key = signature.of(sample.labels);
    const one = ones.get(key);
    if (one === undefined) continue;
    const value = swapped ? operate(one.value, sample.value) : operate(sample.value, one.value);
    const pair = results.of(sample.labels, one.labels);
    const labels = isArithmetic ? pair.withoutName : pair;
    let earlier = matched.get(key);
    if (cardinality === 'one-to-one') {
      if (earlier !== undefined) {
        context.fail(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
          node,
        );
      }
      matched.set(key, NOTHING);
    } else {
      if (earlier === undefined) {
        earlier = new Set();
        matched.set(key, earlier);
      }
      if (earlier.has(labels.key)) {
        context.fail('multiple matches for labels: grouping labels must ensure unique matches', node);
      }
      earlier.add(labels.key);
    }
    if (value === undefined) continue;
    samples.push({ labels, value, dropName: !isArithmetic && (node.returnBool || sample.dropName) });
  }
  return samples;
}

const NOTHING: Set<string> = new Set();
