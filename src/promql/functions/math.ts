// Hot path: one call per sample.
import { greaterOf, lesserOf } from '../syntax/go-numbers.ts';
import type { Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, ofCall, perSample, type ScalarFunction, scalarOfCall } from './function-row.ts';

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

function ofTwo(choose: (a: number, b: number) => number): ScalarFunction {
  return scalarOfCall((call) => choose(call.scalar(0), call.scalar(1)));
}

const DEGREES = 180 / Math.PI;

/** Functions of one number each. */
export const mathFunctions = {
  abs: perSample(Math.abs),
  ceil: perSample(Math.ceil),
  floor: perSample(Math.floor),
  exp: perSample(Math.exp),
  ln: perSample(Math.log),
  log2: perSample(Math.log2),
  log10: perSample(Math.log10),
  sqrt: perSample(Math.sqrt),
  sgn: perSample(sign),
  round: perSample(round),
  clamp: ofCall(clamp),
  clamp_min: perSample((value, [min]) => greaterOf(min!, value)),
  clamp_max: perSample((value, [max]) => lesserOf(max!, value)),
  sin: perSample(Math.sin),
  cos: perSample(Math.cos),
  tan: perSample(Math.tan),
  asin: perSample(Math.asin),
  acos: perSample(Math.acos),
  atan: perSample(Math.atan),
  sinh: perSample(Math.sinh),
  cosh: perSample(Math.cosh),
  tanh: perSample(Math.tanh),
  asinh: perSample(Math.asinh),
  acosh: perSample(Math.acosh),
  atanh: perSample(Math.atanh),
  deg: perSample((value) => value * DEGREES),
  rad: perSample((value) => value / DEGREES),
  min_of: ofTwo(lesserOf),
  max_of: ofTwo(greaterOf),
  pi: scalarOfCall(() => Math.PI),
} satisfies FunctionFamily;
