import type { Extension, ValueType } from '../syntax/ast.ts';
import type { Vector } from '../evaluation/sample.ts';
import type { Window } from '../evaluation/ranges/window.ts';
import type { FunctionCall } from './function-call.ts';

/** Name and types of a function: all that the parser needs. */
interface Signature {
  readonly name: string;
  readonly args: readonly ValueType[];
  /** How many arguments beyond `args` without its last one are allowed; -1: any number. Absent: exactly `args`. */
  readonly variadic?: number;
  readonly returns: ValueType;
  /** Behind a feature flag in Prometheus, and behind an option here. */
  readonly experimental?: boolean;
}

/** A number for each sample of the first argument; the other arguments are scalars. Drops the metric name. */
export interface PerSampleFunction extends Signature {
  readonly kind: 'per-sample';
  readonly apply: (value: number, args: readonly number[]) => number;
}

/** A number for each series of the range vector, or undefined for none. */
export interface PerRangeFunction extends Signature {
  readonly kind: 'per-range';
  readonly keepsName?: boolean;
  /** The extensions of a range that the function can deal with. */
  readonly extensions?: readonly Extension[];
  readonly apply: (window: Window, call: FunctionCall) => number | undefined;
}

/** Sees the whole call and yields a vector. */
export interface VectorFunction extends Signature {
  readonly kind: 'vector';
  readonly apply: (call: FunctionCall) => Vector;
}

/** Sees the whole call and yields a number. */
export interface ScalarFunction extends Signature {
  readonly kind: 'scalar';
  readonly apply: (call: FunctionCall) => number;
}

export type FunctionRow = PerSampleFunction | PerRangeFunction | VectorFunction | ScalarFunction;

/** A row for a function of one number, or of a number and scalar parameters. */
export function perSample(
  name: string,
  apply: PerSampleFunction['apply'],
  parameters = 0,
  variadic?: number,
): PerSampleFunction {
  const args: ValueType[] = ['vector', ...Array.from({ length: parameters }, () => 'scalar' as const)];
  return {
    kind: 'per-sample',
    name,
    args,
    returns: 'vector',
    apply,
    ...(variadic !== undefined && { variadic }),
  };
}

/** A row for a function of one range vector. */
export function perRange(
  name: string,
  apply: PerRangeFunction['apply'],
  rest: Partial<Pick<PerRangeFunction, 'args' | 'keepsName' | 'experimental' | 'extensions'>> = {},
): PerRangeFunction {
  return { kind: 'per-range', name, args: ['matrix'], returns: 'vector', apply, ...rest };
}
