import type { Labels } from '../../samples/labels.ts';
import type { Annotation } from './annotations.ts';

export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

export interface MatrixPoint {
  readonly timeMs: number;
  readonly value: number;
}

export interface MatrixSeries {
  readonly labels: Labels;
  readonly points: readonly MatrixPoint[];
}

export interface ScalarValue {
  readonly kind: 'scalar';
  readonly value: number;
}

export interface StringValue {
  readonly kind: 'string';
  readonly value: string;
}

export interface VectorValue {
  readonly kind: 'vector';
  readonly samples: readonly VectorSample[];
}

export interface MatrixValue {
  readonly kind: 'matrix';
  readonly series: readonly MatrixSeries[];
}

/** What an expression yields. An instant vector is in no particular order unless the expression sorts it. */
export type Value = ScalarValue | StringValue | VectorValue | MatrixValue;

export interface Evaluation<V extends Value = Value> {
  readonly value: V;
  /** Warnings and infos, each once. */
  readonly annotations: readonly Annotation[];
}
