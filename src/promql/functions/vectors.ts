import { Labels, METRIC_NAME } from '../../samples/labels.ts';
import type { Node, VectorSelector } from '../syntax/ast.ts';
import { compareValues } from '../evaluation/numbers/quantile.ts';
import type { Sample, Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, ofCall, scalarOfCall, type VectorFunction } from './function-row.ts';

function selectorIn(node: Node): VectorSelector | undefined {
  if (node.kind === 'vector-selector') return node;
  return node.kind === 'matrix-selector' ? node.selector : undefined;
}

/** The labels that a missing series would have had: those that the selector asks to be equal to something, once. */
function absentLabels(node: Node): Labels {
  const byName = new Map<string, string>();
  for (const { name, op, value } of selectorIn(node)?.matchers ?? []) {
    if (name === METRIC_NAME) continue;
    byName.set(name, op === '=' && !byName.has(name) ? value : '');
  }
  return Labels.fromEntries(byName);
}

function absence(isEmpty: boolean, call: FunctionCall): Vector {
  return isEmpty ? [{ labels: absentLabels(call.argument(0)), value: 1, dropName: false }] : [];
}

function scalarOf(vector: Vector): number {
  return vector.length === 1 ? vector[0]!.value : Number.NaN;
}

/** Sorts the result of an instant query; the result of a range query is always ordered by labels, with a warning. */
function sorted(call: FunctionCall, compare: (a: Sample, b: Sample) => number): Vector {
  const vector = call.vector(0);
  if (call.context.settings.stepMs !== 0) {
    call.context.annotations.warn(
      'sort is ineffective for range queries since results are always ordered by labels',
      call.node,
    );
    return vector;
  }
  return [...vector].sort(compare);
}

/** By value, NaN last whichever way. */
function byValue(direction: 1 | -1): (a: Sample, b: Sample) => number {
  return ({ value: a }, { value: b }) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return direction * compareValues(a, b);
  };
}

/** Compares two texts so that runs of digits count as numbers: `a9` comes before `a10`. */
function compareNaturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (const [i, part] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    const isNumbers = /^\d/.test(part) && /^\d/.test(other);
    if (isNumbers && Number(part) !== Number(other)) return Number(part) - Number(other);
    return part < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** By the named labels in natural order, then by all labels. */
function byLabels(names: readonly string[], direction: 1 | -1): (a: Sample, b: Sample) => number {
  return ({ labels: a }, { labels: b }) => {
    for (const name of names) {
      const order = compareNaturally(a.get(name), b.get(name));
      if (order !== 0) return direction * order;
    }
    return direction * (a.key < b.key ? -1 : Number(a.key > b.key));
  };
}

function byLabelsOf(direction: 1 | -1): VectorFunction {
  return ofCall((call) => sorted(call, byLabels(call.strings(1), direction)));
}

/** Functions between scalars and vectors, of presence, and of order. */
export const vectorFunctions = {
  vector: ofCall((call) => [{ labels: Labels.empty, value: call.scalar(0), dropName: false }]),
  scalar: scalarOfCall((call) => scalarOf(call.vector(0))),
  absent: ofCall((call) => absence(call.vector(0).length === 0, call)),
  absent_over_time: ofCall((call) => absence(call.windows(0).windows.length === 0, call)),
  sort: ofCall((call) => sorted(call, byValue(1))),
  sort_desc: ofCall((call) => sorted(call, byValue(-1))),
  sort_by_label: byLabelsOf(1),
  sort_by_label_desc: byLabelsOf(-1),
} satisfies FunctionFamily;
