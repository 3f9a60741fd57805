// Hot path: one call per sample.
import { greaterOf, lesserOf } from '../evaluation/matching/binary-operators.ts';
import type { Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import type { FunctionRow } from './function-row.ts';
import { perSample } from './function-row.ts';

function sign(value: number): number {
  if (value < 0) return -1;
  return value > 0 ? 1 : value;
}

/** Rounds to a multiple; halves go up. */
function round(value: number, [nearest = 1]: readonly number[]): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

function clamp(call: FunctionCall): Vector {
  const min = call.scalar(1);
  const max = call.scalar(2);
  const vector = call.vector(0);
  if (max < min) return [];
  return vector.map(({ labels, value }) => ({
    labels,
    value: greaterOf(min, lesserOf(max, value)),
    dropName: true,
  }));
}

function ofTwo(name: string, choose: (a: number, b: number) => number): FunctionRow {
  return {
    kind: 'scalar',
    name,
    args: ['scalar', 'scalar'],
    returns: 'scalar',
    experimental: true,
    apply: (call) => choose(call.scalar(0), call.scalar(1)),
  };
}

const DEGREES = 180 / Math.PI;

/** Functions of one number each. */
export const mathFunctions: readonly FunctionRow[] = [
  perSample('abs', Math.abs),
  perSample('ceil', Math.ceil),
  perSample('floor', Math.floor),
  perSample('exp', Math.exp),
  perSample('ln', Math.log),
  perSample('log2', Math.log2),
  perSample('log10', Math.log10),
  perSample('sqrt', Math.sqrt),
  perSample('sgn', sign),
  perSample('round', round, 1, 1),
  { kind: 'vector', name: 'clamp', args: ['vector', 'scalar', 'scalar'], returns: 'vector', apply: clamp },
  perSample('clamp_min', (value, [min]) => greaterOf(min!, value), 1),
  perSample('clamp_max', (value, [max]) => lesserOf(max!, value), 1),
  perSample('sin', Math.sin),
  perSample('cos', Math.cos),
  perSample('tan', Math.tan),
  perSample('asin', Math.asin),
  perSample('acos', Math.acos),
  perSample('atan', Math.atan),
  perSample('sinh', Math.sinh),
  perSample('cosh', Math.cosh),
  perSample('tanh', Math.tanh),
  perSample('asinh', Math.asinh),
  perSample('acosh', Math.acosh),
  perSample('atanh', Math.atanh),
  perSample('deg', (value) => value * DEGREES),
  perSample('rad', (value) => value / DEGREES),
  ofTwo('min_of', lesserOf),
  ofTwo('max_of', greaterOf),
  { kind: 'scalar', name: 'pi', args: [], returns: 'scalar', apply: () => Math.PI },
];
