import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { samplesFromMetrics } from '../../samples/from-metrics.ts';
import type { RuleStore } from './rule-runner.ts';

/** Names the collected series in the store, so that those that no longer come are marked as ended. */
const SOURCE = 'collection';

/** Series that the rules write themselves; the monitor also shows them among its metrics. */
const WRITTEN_BY_RULES = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

/**
 * Appends one collection, stamped with the time at which it was there. With `only` it is a partial one: other metrics
 * are left out, and nothing counts as ended. Answers how many samples did not fit.
 */
export function appendCollection(
  store: RuleStore,
  metrics: ResourceMetrics,
  atMs: number,
  only: ReadonlySet<string> | undefined,
): number {
  let dropped = 0;
  for (const { labels, value, startMs } of samplesFromMetrics(metrics)) {
    const { metricName } = labels;
    if (WRITTEN_BY_RULES.has(metricName) || (only !== undefined && !only.has(metricName))) continue;
    // A start in the future comes from a clock that was set back: it means nothing.
    const beginMs = startMs > atMs ? 0 : startMs;
    if (!store.append(labels, atMs, value, beginMs, SOURCE)) dropped++;
  }
  if (only === undefined) store.endScrape(SOURCE, atMs);
  return dropped;
}
