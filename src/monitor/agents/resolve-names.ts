import type { MetricIdentity } from '../../link/snapshot.ts';
import { metricRows } from '../../metrics/catalogue.ts';
import { SCOPE } from '../../metrics/scope.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { combineSeries, labelKey, type MergedMetric, sameBoundaries } from './merge.ts';
import { metricName, prometheusLabels } from './prometheus-names.ts';

/** The metrics of the processes as they are pushed, and as Prometheus and the rules take them. */
export interface ResolvedMetrics {
  /** Names and labels as the service gave them; those that collide with ours are left out. */
  readonly pushed: readonly MergedMetric[];
  /** Names and labels as Prometheus takes them; no two samples of one series. */
  readonly shown: readonly MergedMetric[];
}

const isOurs = ({ scope }: MetricIdentity): boolean => scope === SCOPE;

/** The name of the metric on /metrics. */
function familyName({ name, kind, scope }: MetricIdentity): string {
  const plain = scope === SCOPE ? name : metricName(name);
  return kind === 'counter' && !plain.endsWith('_total') ? `${plain}_total` : plain;
}

/** The names that the samples of a metric take up. */
function sampleNames(name: string, kind: MetricIdentity['kind']): readonly string[] {
  return kind === 'histogram' ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}

/** Names of metrics that the monitor itself shows: the service never sees a collision with them. */
const monitorNames: readonly string[] = metricRows
  .filter(({ merge, onPage }) => merge === 'once' && onPage !== false)
  .map(({ name }) => name);

const isGauge = ({ kind }: MetricIdentity): boolean => kind === 'gauge' || kind === 'updown';

/** Whether the series of both can be shown as one metric. */
function isCompatible(a: MetricIdentity, b: MetricIdentity): boolean {
  return !isOurs(a) && (a.kind === b.kind || (isGauge(a) && isGauge(b))) && sameBoundaries(a, b);
}

/** Adds the series of a metric under names that Prometheus takes; those that become one are combined. */
function addSeries(to: MergedMetric, metric: MergedMetric): void {
  const isHistogram = metric.identity.kind === 'histogram';
  for (const { labels, startMs, numbers } of metric.series.values()) {
    const shown = prometheusLabels(labels, isHistogram);
    const key = labelKey(shown);
    const before = to.series.get(key);
    // Two states of one thing cannot be added: the first is shown.
    if (before && metric.identity.kind === 'gauge') continue;
    if (before) combineSeries(to.identity, before, { startMs, numbers });
    else to.series.set(key, { labels: shown, startMs, numbers });
  }
}

/**
 * Ours first: what the service has under one of our names is left out. Instruments of the service that become one
 * metric are shown as one if they are of a kind, else the first is. Each collision is logged once.
 */
export function resolveNames(
  metrics: Iterable<MergedMetric>,
  ownLog: Pick<OwnLog, 'problem'>,
): ResolvedMetrics {
  const all = [...metrics];
  const ours = all.filter(({ identity }) => isOurs(identity));
  const theirs = all.filter(({ identity }) => !isOurs(identity));
  const ourNames = new Set(monitorNames);
  for (const { identity } of ours)
    for (const name of sampleNames(familyName(identity), identity.kind)) ourNames.add(name);
  const pushed = [...ours];
  const families = new Map<string, MergedMetric>();
  const taken = new Set<string>();
  for (const metric of theirs) {
    const { identity } = metric;
    const name = familyName(identity);
    const names = sampleNames(name, identity.kind);
    const clash = names.find((one) => ourNames.has(one));
    if (clash !== undefined) {
      ownLog.problem('MON_METRIC_CONFLICT', { where: clash });
      continue;
    }
    pushed.push(metric);
    const family = families.get(name);
    if (family && isCompatible(family.identity, identity)) addSeries(family, metric);
    else if (names.some((one) => taken.has(one))) {
      ownLog.problem('MON_METRIC_NAMES', { where: name, got: `${identity.name} (${identity.kind})` });
    } else {
      for (const one of names) taken.add(one);
      const made: MergedMetric = { identity: { ...identity, name }, series: new Map() };
      addSeries(made, metric);
      families.set(name, made);
    }
  }
  return { pushed, shown: [...ours, ...families.values()] };
}
