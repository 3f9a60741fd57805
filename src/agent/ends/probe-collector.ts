import { canConnect } from '../../address/can-connect.ts';
import { logsEndpoint, metricsEndpoint } from '../../config/endpoints.ts';
import type { Settings } from '../../config/read-settings.ts';
import { untraced } from '../opentelemetry/untraced.ts';
import type { Drain } from './drain.ts';

const PROBE_MS = 1000;

/**
 * Finds out at the start whether something listens where the collector should be: a process that ends before its
 * monitor is up then does not wait for the monitor to find that out. The monitor's own answer follows.
 */
export async function probeCollector(settings: Settings, drain: Drain): Promise<void> {
  const urls = [logsEndpoint(settings), metricsEndpoint(settings)].filter((url) => url !== undefined);
  const origins = new Set(urls.map((url) => new URL(url).origin));
  const answers = await Promise.all(
    Array.from(origins, (origin) => untraced(() => canConnect(origin, PROBE_MS))),
  );
  if (!answers.includes(true)) drain.collector(false);
}
