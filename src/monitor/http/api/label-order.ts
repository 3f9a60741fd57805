import type { Labels } from '../../../samples/labels.ts';

/**
 * The order in which Prometheus lists series: by names and values, pair by pair (model/labels, Compare). Texts are
 * compared instead of pairs, since a hundred thousand series have to be in order at once; the separator comes before
 * whatever a name or value may hold.
 */
export function inOrder<T>(items: Iterable<T>, labelsOf: (item: T) => Labels): T[] {
  const rows = Array.from(items, (item) => ({
    item,
    text: labelsOf(item).entries().flat().join('\u0001'),
  }));
  rows.sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)));
  return rows.map(({ item }) => item);
}
