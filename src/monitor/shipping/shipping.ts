import { logsHeaders } from '../../config/endpoints.ts';
import type { Settings } from '../../config/read-settings.ts';
import { catalogue } from '../../metrics/catalogue.ts';
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
  return { shipper, metrics: metricsOf(shipper, now) };
}
