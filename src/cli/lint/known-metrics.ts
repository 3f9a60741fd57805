import { catalogue, type InstrumentRow } from '../../metrics/catalogue.ts';
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

/** Written by the evaluator for each rule, and the attributes of the service; with labels of any name. */
const OPEN_LABELS = ['ALERTS', 'ALERTS_FOR_STATE', 'target_info'];

/** What agent and monitor show beside the catalogue, with their labels; a test compares these with a running monitor. */
export const ownMetrics: Readonly<Record<string, readonly string[]>> = {
  process_cpu_seconds_total: [],
  process_start_time_seconds: [],
  process_resident_memory_bytes: [],
  nodejs_heap_size_used_bytes: [],
  nodejs_heap_size_total_bytes: [],
  nodejs_external_memory_bytes: [],
  nodejs_eventloop_lag_seconds: [],
  nodejs_eventloop_lag_p99_seconds: [],
  nodejs_eventloop_utilization_ratio: [],
  nodejs_active_resources: [],
  monitoring_agent_up: [],
  monitoring_agents: [],
  monitoring_snapshot_age_seconds: [],
  monitoring_build_info: ['version', 'node'],
  monitoring_collector_up: [],
  monitoring_log_records_lost_total: ['reason'],
  monitoring_log_records_refused_total: [],
  monitoring_log_records_shipped_total: [],
  monitoring_log_ship_failures_total: [],
  monitoring_notifications_total: ['channel', 'result'],
  monitoring_notifications_waiting: ['channel'],
  monitoring_otlp_metric_pushes_total: ['result'],
  monitoring_process_ends_total: ['how'],
  monitoring_rule_evaluations_missed_total: ['group'],
  monitoring_rule_failures_total: [],
  monitoring_rule_samples_dropped_total: [],
  monitoring_rule_series: [],
  monitoring_spool_bytes: [],
  monitoring_spool_oldest_seconds: [],
};

function* namesOf(row: InstrumentRow): Iterable<readonly [string, readonly string[]]> {
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
  for (const row of Object.values(catalogue)) {
    for (const [name, names] of namesOf(row)) labels.set(name, new Set(names));
  }
  for (const [name, names] of Object.entries(ownMetrics)) labels.set(name, new Set(names));
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
