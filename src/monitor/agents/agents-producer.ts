import { resourceFromAttributes } from '@opentelemetry/resources';
import type { CollectionResult, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { OwnLog } from '../../own-log/own-log.ts';
import type { Agents } from './agents.ts';
import { type MergedMetric, Merger, toMetricData } from './merge.ts';
import type { SeriesValue } from './process-totals.ts';
import { resolveNames, type ResolvedMetrics } from './resolve-names.ts';

const EMPTY_RESOURCE = resourceFromAttributes({});

/** The metrics by instrumentation scope, as OpenTelemetry has them. */
function collectionOf(metrics: readonly MergedMetric[], atMs: number): CollectionResult {
  const scopes = new Map<string, MetricData[]>();
  for (const metric of metrics) {
    const { scope } = metric.identity;
    const list = scopes.get(scope);
    const data = toMetricData(metric, atMs);
    if (list) list.push(data);
    else scopes.set(scope, [data]);
  }
  const scopeMetrics = Array.from(scopes, ([name, list]) => ({ scope: { name }, metrics: list }));
  return { resourceMetrics: { resource: EMPTY_RESOURCE, scopeMetrics }, errors: [] };
}

export interface AgentsProducers {
  /** For /metrics and the rules. */
  readonly shown: MetricProducer;
  /** For a collector: names and labels as the service gave them. */
  readonly pushed: MetricProducer;
}

/**
 * The agents, merged, as `MetricProducer`s for the monitor's readers. They always resolve, and in time: a producer
 * that rejects replaces the whole page by a comment, one that never settles hangs the scrape. `own`: what the monitor
 * counts under the names of the processes' metrics.
 */
export function agentsProducers(
  agents: Agents,
  ownLog: OwnLog,
  now: () => number,
  own: () => Iterable<SeriesValue> = () => [],
): AgentsProducers {
  let last: { readonly merged: Merger; readonly resolved: ResolvedMetrics } | undefined;
  async function resolved(): Promise<ResolvedMetrics> {
    const { merged } = await agents.collect();
    // Readers of one tick share one collection.
    if (last?.merged !== merged) {
      const all = new Merger();
      all.add(merged.values());
      all.add(own());
      last = { merged, resolved: resolveNames(all.metrics.values(), ownLog) };
    }
    return last.resolved;
  }
  return {
    shown: { collect: async () => collectionOf((await resolved()).shown, now()) },
    pushed: { collect: async () => collectionOf((await resolved()).pushed, now()) },
  };
}
