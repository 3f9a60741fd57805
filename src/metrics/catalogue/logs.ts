import type { MetricRows } from './metric-row.ts';

const owner = 'monitor/shipping';

/** What happened to log records on their way to files and the collector. */
export const logMetrics = {
  logRecordsLost: {
    name: 'monitoring_log_records_lost_total',
    help: 'Log records lost, by reason: file (not written to the daily file), spool (not written to the spool), full (spool over its limit), damaged (unreadable in the spool), refused (by the collector, and could not be kept aside), error',
    kind: 'counter',
    unit: '{record}',
    labels: ['reason'],
    merge: 'sum',
    owner: 'logging',
  },
  spoolBytes: {
    name: 'monitoring_spool_bytes',
    help: 'Bytes of log records not yet sent to the collector',
    kind: 'gauge',
    unit: 'By',
    labels: [],
    merge: 'once',
    owner,
  },
  spoolOldest: {
    name: 'monitoring_spool_oldest_seconds',
    help: 'Age of the oldest log record waiting after a failed request',
    kind: 'gauge',
    unit: 's',
    labels: [],
    merge: 'once',
    owner,
  },
  recordsShipped: {
    name: 'monitoring_log_records_shipped_total',
    help: 'Log records accepted by the collector',
    kind: 'counter',
    unit: '{record}',
    labels: [],
    merge: 'once',
    owner,
  },
  recordsRefused: {
    name: 'monitoring_log_records_refused_total',
    help: 'Log records rejected permanently by the collector; they are kept on disk',
    kind: 'counter',
    unit: '{record}',
    labels: [],
    merge: 'once',
    owner,
  },
  shipFailures: {
    name: 'monitoring_log_ship_failures_total',
    help: 'Failed requests with log records; they are retried',
    kind: 'counter',
    unit: '{request}',
    labels: [],
    merge: 'once',
    owner,
  },
  collectorUp: {
    name: 'monitoring_collector_up',
    help: '1 if the last request with log records succeeded, else 0',
    kind: 'gauge',
    unit: '',
    labels: [],
    merge: 'once',
    owner,
  },
} as const satisfies MetricRows;
