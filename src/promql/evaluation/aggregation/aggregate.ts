// Hot path: one look-up and one `add` per sample.
import { type Labels, METRIC_NAME, quoteText } from '../../../samples/labels.ts';
import { formatPlain, formatShort } from '../../../samples/format-number.ts';
import { type Accumulator, accumulators } from './accumulators.ts';
import type { Aggregate } from '../../syntax/ast.ts';
import { unparen } from '../../syntax/ast.ts';
import type { EvaluationContext } from '../evaluation-context.ts';
import { Projection, projectionFor } from '../matching/projection.ts';
import { quantile, warnOfQuantile } from '../numbers/quantile.ts';
import type { Sample, Vector } from '../sample.ts';
import { selectTop } from './top.ts';

/** The labels of the group that a sample belongs to. */
function groupingOf(node: Aggregate): Projection {
  return projectionFor(node, 'group', () =>
    node.without ? Projection.dropping(node.grouping) : Projection.keeping(node.grouping),
  );
}

interface Group<T> {
  readonly labels: Labels;
  readonly content: T;
  dropName: boolean;
}

/** Sorts samples into groups; `begin` makes what a new group holds. */
function group<T>(
  node: Aggregate,
  vector: Vector,
  begin: () => T,
  add: (content: T, sample: Sample) => void,
): Group<T>[] {
  const grouping = groupingOf(node);
  const groups = new Map<Labels, Group<T>>();
  for (const sample of vector) {
    const labels = grouping.of(sample.labels);
    let found = groups.get(labels);
    if (found === undefined) {
      found = { labels, content: begin(), dropName: false };
      groups.set(labels, found);
    }
    found.dropName ||= sample.dropName;
    add(found.content, sample);
  }
  return [...groups.values()];
}

function accumulate(node: Aggregate, vector: Vector, begin: () => Accumulator): Vector {
  const groups = group(node, vector, begin, (accumulator, { value }) => accumulator.add(value));
  return groups.map(({ labels, content, dropName }) => ({ labels, value: content.value, dropName }));
}

function aggregateQuantile(
  context: EvaluationContext,
  node: Aggregate,
  vector: Vector,
  timeMs: number,
): Vector {
  const fraction = context.scalar(node.param!, timeMs);
  warnOfQuantile(context.annotations, fraction, node.param!);
  const groups = group<number[]>(
    node,
    vector,
    () => [],
    (values, { value }) => values.push(value),
  );
  return groups.map(({ labels, content, dropName }) => ({
    labels,
    value: quantile(fraction, content),
    dropName,
  }));
}

const INT64 = 2 ** 63;

function aggregateTop(context: EvaluationContext, node: Aggregate, vector: Vector, timeMs: number): Vector {
  const wanted = context.scalar(node.param!, timeMs);
  if (Number.isNaN(wanted)) context.fail('Parameter value is NaN', node);
  if (wanted >= INT64 || wanted <= -INT64) {
    context.fail(`Scalar value ${formatShort(wanted)} overflows int64`, node);
  }
  const count = Math.trunc(wanted);
  if (count < 1) return [];
  const groups = group<Sample[]>(
    node,
    vector,
    () => [],
    (samples, sample) => samples.push(sample),
  );
  return groups.flatMap(({ content }) => selectTop(content, count, node.op === 'topk'));
}

function countValues(context: EvaluationContext, node: Aggregate, vector: Vector): Vector {
  const param = unparen(node.param!);
  const label = param.kind === 'string' ? param.value : '';
  if (label === '' || !label.isWellFormed()) {
    context.fail(`invalid label name ${quoteText(label)}`, node.param!);
  }
  context.budget.labelText(label.length, node.param!);
  const grouping = groupingOf(node);
  const counts = new Map<string, { readonly labels: Labels; count: number; dropName: boolean }>();
  for (const sample of vector) {
    const part = grouping.of(sample.labels);
    const value = formatPlain(sample.value);
    context.budget.labels(part.key.length + label.length + value.length, node);
    const labels = part.with({ [label]: value });
    let found = counts.get(labels.key);
    if (found === undefined) {
      found = { labels, count: 0, dropName: false };
      counts.set(labels.key, found);
    }
    found.count++;
    found.dropName ||= sample.dropName && label !== METRIC_NAME;
  }
  return [...counts.values()].map(({ labels, count, dropName }) => ({ labels, value: count, dropName }));
}

/** An aggregation of the instant vector below it. */
export function evaluateAggregate(context: EvaluationContext, node: Aggregate, timeMs: number): Vector {
  const vector = context.vector(node.expr, timeMs);
  switch (node.op) {
    case 'topk':
    case 'bottomk':
      return aggregateTop(context, node, vector, timeMs);
    case 'quantile':
      return aggregateQuantile(context, node, vector, timeMs);
    case 'count_values':
      return countValues(context, node, vector);
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'count':
    case 'group':
    case 'stddev':
    case 'stdvar':
      return accumulate(node, vector, accumulators[node.op]);
  }
}
