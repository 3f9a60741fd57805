import type { Labels } from '../../alerts/samples/labels.ts';

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The order in which Prometheus lists series: by names and values, pair by pair (model/labels, Compare). */
export function compareLabels(a: Labels, b: Labels): number {
  const [left, right] = [a.entries(), b.entries()];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareTexts(left[i]![0], right[i]![0]) || compareTexts(left[i]![1], right[i]![1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
