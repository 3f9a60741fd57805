import { type MetricRow, metricRows } from '../../metrics/catalogue.ts';
import type { Labels } from '../../samples/labels.ts';

/** The series that rules may select, as far as they are known. */
export interface KnownMetrics {
  /** Where the knowledge comes from, for messages: an address, or the catalogue of this package. */
  readonly source: string;
  /** True: what is not known does not exist now. False: a service may have further metrics of its own. */
  readonly complete: boolean;
  readonly names: ReadonlySet<string>;
  /** Label names of a metric; undefined: any. */
  labelsOf(name: string): ReadonlySet<string> | undefined;
  /** Series as they are; empty where only names are known. */
  readonly series: readonly Labels[];
  /** The same, knowing further metrics by name. */
  with(names: readonly string[]): KnownMetrics;
}

/** Metrics with labels of any name: those that rules write, and the attributes of the service. */
const OPEN_LABELS = metricRows.filter(({ labels }) => labels === 'any').map(({ name }) => name);

function* namesOf(row: MetricRow): Iterable<readonly [string, readonly string[]]> {
  if (row.labels === 'any') return;
  if (row.kind !== 'histogram') {
    yield [row.name, row.labels];
    return;
  }
  yield [`${row.name}_bucket`, [...row.labels, 'le']];
  yield [`${row.name}_count`, row.labels];
  yield [`${row.name}_sum`, row.labels];
}

/** What this package itself shows on /metrics. A service may have any number of metrics of its own. */
export function metricsOfCatalogue(further: readonly string[] = []): KnownMetrics {
  const labels = new Map<string, ReadonlySet<string>>();
  for (const row of metricRows) {
    for (const [name, names] of namesOf(row)) labels.set(name, new Set(names));
  }
  const names = new Set([...labels.keys(), ...OPEN_LABELS, ...further]);
  return {
    source: 'the catalogue of this package',
    complete: false,
    names,
    labelsOf: (name) => labels.get(name),
    series: [],
    with: (more) => metricsOfCatalogue([...further, ...more]),
  };
}

/** What an address shows now. Series that rules write are known by name only. */
export function metricsOfPage(
  source: string,
  series: readonly Labels[],
  further: readonly string[] = [],
): KnownMetrics {
  const labels = new Map<string, Set<string>>();
  for (const one of series) {
    const names = labels.get(one.metricName) ?? new Set();
    for (const [name] of one.entries()) names.add(name);
    labels.set(one.metricName, names);
  }
  return {
    source,
    complete: true,
    names: new Set([...labels.keys(), ...OPEN_LABELS, ...further]),
    labelsOf: (name) => (further.includes(name) ? undefined : labels.get(name)),
    series,
    with: (more) => metricsOfPage(source, series, [...further, ...more]),
  };
}
