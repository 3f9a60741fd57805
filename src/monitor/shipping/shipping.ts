import { logsHeaders } from '../../config/endpoints.ts';
import type { Settings } from '../../config/read-settings.ts';
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

/** The shipper of the service's spool, and what it tells of itself. */
export interface Shipping {
  readonly shipper: SpoolShipper;
  readonly metrics: readonly SelfMetric[];
}

function metricsOf(shipper: SpoolShipper, now: () => number): SelfMetric[] {
  const row = (
    kind: SelfMetric['kind'],
    name: string,
    help: string,
    read: (stats: SpoolShipperStats) => number,
  ): SelfMetric => ({ name, help, kind, read: () => read(shipper.stats()) });
  return [
    row(
      'gauge',
      'monitoring_spool_bytes',
      'Bytes of log records that the collector has not taken',
      (stats) => stats.pendingBytes,
    ),
    row(
      'gauge',
      'monitoring_spool_oldest_seconds',
      'Age of the oldest log record that waits after a failure',
      (stats) =>
        stats.oldestPendingMs === undefined ? 0 : Math.max(0, (now() - stats.oldestPendingMs) / 1000),
    ),
    row(
      'counter',
      'monitoring_log_records_shipped_total',
      'Log records that the collector took',
      (stats) => stats.shipped,
    ),
    row(
      'counter',
      'monitoring_log_records_refused_total',
      'Log records that the collector refused for good; they are kept aside',
      (stats) => stats.refused,
    ),
    row(
      'counter',
      'monitoring_log_ship_failures_total',
      'Requests with log records that failed and are repeated',
      (stats) => stats.failures,
    ),
    row(
      'gauge',
      'monitoring_collector_up',
      'Whether the collector took the log records last sent to it',
      (stats) => (stats.lastSendFailed ? 0 : 1),
    ),
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
