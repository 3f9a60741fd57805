import type { MetricIdentity, MetricKind, SeriesIdentity, Snapshot } from '../../src/link/snapshot.ts';
import type { SeriesValue } from '../../src/monitor/agents/process-totals.ts';

/** One series of a process, in the order of a snapshot: its start, then its numbers. */
export interface Row {
  readonly metric: MetricIdentity;
  readonly labels?: Readonly<Record<string, string>>;
  readonly startMs?: number;
  readonly numbers: readonly number[];
}

export function metric(
  id: number,
  name: string,
  kind: MetricKind = 'counter',
  more: Partial<MetricIdentity> = {},
): MetricIdentity {
  return { id, name, help: `Help of ${name}`, unit: '', kind, scope: '@geometra/monitoring', ...more };
}

/** A first snapshot: it names everything that it has values of. */
export function snapshotOf(rows: readonly Row[], atMs = 1000): Snapshot {
  const newMetrics = [...new Set(rows.map((row) => row.metric))].toSorted((a, b) => a.id - b.id);
  const newSeries: SeriesIdentity[] = rows.map((row, id) => ({
    id,
    metric: row.metric.id,
    labels: row.labels ?? {},
  }));
  return { atMs, newMetrics, newSeries, values: valuesOf(rows) };
}

/** A later snapshot of the same series. */
export function laterSnapshotOf(rows: readonly Row[], atMs = 2000): Snapshot {
  return { atMs, newMetrics: [], newSeries: [], values: valuesOf(rows) };
}

function valuesOf(rows: readonly Row[]): Float64Array {
  return Float64Array.from(rows.flatMap((row, id) => [id, row.startMs ?? 500, ...row.numbers]));
}

export function seriesValue(row: Row): SeriesValue {
  const { labels = {}, startMs = 500, numbers } = row;
  return { metric: row.metric, labels, startMs, numbers: Float64Array.from(numbers) };
}

/** `name{label=value}` → numbers, as the tests compare them. */
export function shown(values: Iterable<SeriesValue>): Record<string, readonly number[]> {
  const found: Record<string, readonly number[]> = {};
  for (const {
    metric: { name },
    labels,
    numbers,
  } of values) {
    const inBraces = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    found[inBraces.length > 0 ? `${name}{${inBraces.join(',')}}` : name] = [...numbers];
  }
  return found;
}
