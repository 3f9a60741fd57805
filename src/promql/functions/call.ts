import type { Call, Extension } from '../syntax/ast.ts';
import { unparen } from '../syntax/ast.ts';
import type { EvaluationContext } from '../evaluation/evaluation-context.ts';
import type { Sample, Vector } from '../evaluation/sample.ts';
import { FunctionCall } from './function-call.ts';
import type { FunctionRow } from './function-row.ts';
import { functionTable } from './table.ts';

type PerSampleRow = Extract<FunctionRow, { readonly kind: 'per-sample' }>;
type PerRangeRow = Extract<FunctionRow, { readonly kind: 'per-range' }>;

/** The row of a call; the parser has made sure that there is one. */
function rowOf(context: EvaluationContext, node: Call): FunctionRow {
  return functionTable.get(node.name) ?? context.fail(`unknown function with name "${node.name}"`, node);
}

function callPerSample(row: PerSampleRow, call: FunctionCall): Vector {
  const args = call.node.args.slice(1).map((_arg, i) => call.scalar(i + 1));
  return call
    .vector(0)
    .map(({ labels, value }) => ({ labels, value: row.apply(value, args), dropName: true }));
}

function callPerRange(context: EvaluationContext, row: PerRangeRow, node: Call, timeMs: number): Vector {
  const range = context.rangeVector(node.args[row.args.indexOf('matrix')]!, timeMs);
  const call = new FunctionCall(node, timeMs, context, range);
  const samples: Sample[] = [];
  for (const window of range.windows) {
    const value = row.apply(window, call);
    if (value === undefined) continue;
    const dropName = row.keepsName === true ? window.dropName : true;
    samples.push({ labels: window.labels, value, dropName });
  }
  return samples;
}

/** Fails where a range is extended that the function cannot deal with. */
function checkExtension(context: EvaluationContext, row: FunctionRow, node: Call): void {
  const argument = node.args[row.args.indexOf('matrix')];
  const range = argument === undefined ? undefined : unparen(argument);
  const extended = range?.kind === 'matrix-selector' ? range.selector.extended : undefined;
  if (extended === undefined) return;
  const able = [...functionTable.values()].filter((other) => canExtend(other, extended));
  if (able.includes(row)) return;
  const names = able.map(({ name }) => name).sort();
  context.fail(
    `${extended} modifier can only be used with: ${names.join(', ')} - not with ${row.name}`,
    node,
  );
}

function canExtend(row: FunctionRow, extended: Extension): boolean {
  return row.kind === 'per-range' && row.extensions?.includes(extended) === true;
}

/** Calls a function that yields an instant vector. */
export function callVector(context: EvaluationContext, node: Call, timeMs: number): Vector {
  const row = rowOf(context, node);
  checkExtension(context, row, node);
  switch (row.kind) {
    case 'per-sample':
      return callPerSample(row, new FunctionCall(node, timeMs, context));
    case 'per-range':
      return callPerRange(context, row, node, timeMs);
    case 'vector':
      return row.apply(new FunctionCall(node, timeMs, context));
    case 'scalar':
      return context.fail('expected an instant vector', node);
  }
}

/** Calls a function that yields a scalar. */
export function callScalar(context: EvaluationContext, node: Call, timeMs: number): number {
  const row = rowOf(context, node);
  if (row.kind !== 'scalar') return context.fail('expected a scalar', node);
  return row.apply(new FunctionCall(node, timeMs, context));
}
