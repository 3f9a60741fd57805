import { logsHeaders } from '../../config/endpoints.ts';
import type { Settings } from '../../config/read-settings.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricIdentity } from '../../link/snapshot.ts';
import { SCOPE } from '../../metrics/scope.ts';
import type { SeriesValue } from '../agents/process-totals.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { spoolDirOf } from '../../spool/segments.ts';
import type { SelfMetric } from '../export/self-metrics.ts';
import { createSpoolShipper, type SpoolShipper, type SpoolShipperStats } from './shipper.ts';

export interface ShippingOptions {
  readonly settings: Settings;
  readonly url: string;
  readonly logDir: string;
  readonly serviceName: string;
  readonly ownLog: OwnLog;
  readonly now: () => number;
  readonly onReachable: (reachable: boolean) => void;
}

/** The shipper of the service's spool, and its metrics. */
export interface Shipping {
  readonly shipper: SpoolShipper;
  readonly metrics: readonly SelfMetric[];
  /** What the shipper lost, under the name that the processes count theirs by. */
  losses(): readonly SeriesValue[];
}

function metricsOf(shipper: SpoolShipper, now: () => number): SelfMetric[] {
  const stat =
    (read: (stats: SpoolShipperStats) => number): (() => number) =>
    () =>
      read(shipper.stats());
  return [
    { ...catalogue.spoolBytes, read: stat(({ pendingBytes }) => pendingBytes) },
    {
      ...catalogue.spoolOldest,
      read: stat(({ oldestPendingMs }) =>
        oldestPendingMs === undefined ? 0 : Math.max(0, (now() - oldestPendingMs) / 1000),
      ),
    },
    { ...catalogue.recordsShipped, read: stat(({ shipped }) => shipped) },
    { ...catalogue.recordsRefused, read: stat(({ refused }) => refused) },
    { ...catalogue.shipFailures, read: stat(({ failures }) => failures) },
    { ...catalogue.collectorUp, read: stat(({ lastSendFailed }) => (lastSendFailed ? 0 : 1)) },
  ];
}

const LOST: MetricIdentity = { ...catalogue.logRecordsLost, id: 0, scope: SCOPE };

/** Only reasons that there were: without a damaged disk nobody needs their zeros. */
function lossesOf(shipper: SpoolShipper, startMs: number): SeriesValue[] {
  const losses = Object.entries(shipper.stats().lost).filter(([, count]) => count > 0);
  return losses.map(([reason, count]) => ({
    metric: LOST,
    labels: { reason },
    startMs,
    numbers: Float64Array.of(count),
  }));
}

/** Begins to ship the spool of the service. */
export function startShipping(options: ShippingOptions): Shipping {
  const { settings, url, logDir, serviceName, ownLog, now, onReachable } = options;
  const shipper = createSpoolShipper({
    dir: spoolDirOf(logDir, serviceName),
    logDir,
    url,
    headers: logsHeaders(settings),
    timeoutMs: settings.otlpTimeoutMs,
    ownLog,
    now,
    onReachable,
  });
  // What earlier processes left is shipped without waiting for a new record.
  shipper.kick();
  const startMs = now();
  return { shipper, metrics: metricsOf(shipper, now), losses: () => lossesOf(shipper, startMs) };
}
