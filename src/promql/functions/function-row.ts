import type { Extension, ValueType } from '../syntax/ast.ts';
import type { FunctionName, Signature, signatures } from '../syntax/signatures.ts';
import type { Vector } from '../evaluation/sample.ts';
import type { Window } from '../evaluation/ranges/window.ts';
import type { FunctionCall } from './function-call.ts';

/** A number for each sample of the first argument; the other arguments are scalars. Drops the metric name. */
export interface PerSampleFunction {
  readonly kind: 'per-sample';
  readonly apply: (value: number, args: readonly number[]) => number;
}

/** A number for each series of the range vector, or undefined for none. */
export interface PerRangeFunction {
  readonly kind: 'per-range';
  readonly keepsName?: boolean;
  /** The extensions of a range that the function supports. */
  readonly extensions?: readonly Extension[];
  readonly apply: (window: Window, call: FunctionCall) => number | undefined;
}

/** Sees the whole call and returns a vector. */
export interface VectorFunction {
  readonly kind: 'vector';
  readonly apply: (call: FunctionCall) => Vector;
}

/** Sees the whole call and returns a number. */
export interface ScalarFunction {
  readonly kind: 'scalar';
  readonly apply: (call: FunctionCall) => number;
}

export type FunctionCode = PerSampleFunction | PerRangeFunction | VectorFunction | ScalarFunction;

/** A function with all that is known of it. */
export type FunctionRow = Signature & FunctionCode & { readonly name: string };

/** The code that a signature allows. */
type CodeFor<S extends Signature> = S['returns'] extends 'scalar'
  ? ScalarFunction
  : | VectorFunction
    | ('matrix' extends S['args'][number] ? PerRangeFunction : never)
    | (S['args'] extends readonly ['vector', ...('scalar' & ValueType)[]] ? PerSampleFunction : never);

/** Functions of one family by their names, each with code that fits its signature. */
export type FunctionFamily = { readonly [Name in FunctionName]?: CodeFor<(typeof signatures)[Name]> };

/** Code for every signature. */
export type AllFunctions = { readonly [Name in FunctionName]: CodeFor<(typeof signatures)[Name]> };

/** A function of one number, or of a number and scalar parameters. */
export function perSample(apply: PerSampleFunction['apply']): PerSampleFunction {
  return { kind: 'per-sample', apply };
}

/** A function of one range vector. */
export function perRange(
  apply: PerRangeFunction['apply'],
  rest: Pick<PerRangeFunction, 'keepsName' | 'extensions'> = {},
): PerRangeFunction {
  return { kind: 'per-range', apply, ...rest };
}

/** A function of the whole call that returns a vector. */
export function ofCall(apply: VectorFunction['apply']): VectorFunction {
  return { kind: 'vector', apply };
}

/** A function of the whole call that returns a number. */
export function scalarOfCall(apply: ScalarFunction['apply']): ScalarFunction {
  return { kind: 'scalar', apply };
}
