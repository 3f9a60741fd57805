import { resourceFromAttributes } from '@opentelemetry/resources';
import type { CollectionResult, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { OwnLog } from '../../own-log/own-log.ts';
import { SCOPE } from '../../metrics/scope.ts';
import type { Agents } from './agents.ts';
import { type MergedMetric, toMetricData } from './merge.ts';

const EMPTY_RESOURCE = resourceFromAttributes({});

/**
 * The agents, merged, as a `MetricProducer` for the monitor's readers. Always resolves, and in time: a producer
 * that rejects replaces the whole page by a comment, one that never settles hangs the scrape.
 */
export function agentsProducer(agents: Agents, ownLog: OwnLog, now: () => number): MetricProducer {
  /** Of metrics of one name ours is shown, else the one seen first: two would be duplicate series, or drop both. */
  function withoutClashes(metrics: Iterable<MergedMetric>): MergedMetric[] {
    const byName = new Map<string, MergedMetric>();
    for (const metric of metrics) {
      const { name, scope } = metric.identity;
      const other = byName.get(name);
      if (other) ownLog.problem('MON_METRIC_CONFLICT', { where: name });
      if (!other || scope === SCOPE) byName.set(name, metric);
    }
    return [...byName.values()];
  }

  return {
    async collect(): Promise<CollectionResult> {
      const scopes = new Map<string, MetricData[]>();
      const { merged } = await agents.collect();
      const atMs = now();
      for (const metric of withoutClashes(merged.metrics.values())) {
        const { scope } = metric.identity;
        const list = scopes.get(scope);
        const data = toMetricData(metric, atMs);
        if (list) list.push(data);
        else scopes.set(scope, [data]);
      }
      const scopeMetrics = Array.from(scopes, ([name, metrics]) => ({ scope: { name }, metrics }));
      return { resourceMetrics: { resource: EMPTY_RESOURCE, scopeMetrics }, errors: [] };
    },
  };
}
