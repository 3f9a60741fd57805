import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { samplesFromMetrics } from './samples/from-metrics.ts';
import type { SampleStore } from './samples/sample-store.ts';

/** Names the collected series in the store, so that those that no longer come are marked as ended. */
const SOURCE = 'collection';

/**
 * Appends one collection to the store, stamped with the time of the slot that it belongs to. Answers how many samples
 * did not fit.
 */
export function appendCollection(store: SampleStore, metrics: ResourceMetrics, slotMs: number): number {
  let dropped = 0;
  for (const { labels, value, startMs } of samplesFromMetrics(metrics)) {
    // A series that began between the slot and the collection began before its first sample.
    const beginMs = startMs >= slotMs ? slotMs - 1 : startMs;
    if (!store.append(labels, slotMs, value, beginMs, SOURCE)) dropped++;
  }
  store.endScrape(SOURCE, slotMs);
  return dropped;
}

/** The value of a promise, or a rejection when it takes longer; the timer keeps no process alive. */
export async function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
    timer.unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
