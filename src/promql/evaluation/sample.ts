import type { Labels } from '../../samples/labels.ts';

/** One element of an instant vector while an expression is evaluated. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /**
   * The metric name is to go at the very end. Until then it stays in `labels`, so that `label_replace` and the like
   * can still use it (Prometheus' delayed name removal).
   */
  readonly dropName: boolean;
}

export type Vector = readonly Sample[];
