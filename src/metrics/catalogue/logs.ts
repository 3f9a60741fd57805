import type { MetricRows } from './metric-row.ts';

const owner = 'monitor/shipping';

/** What happened to log records on their way to files and the collector. */
export const logMetrics = {
  logRecordsLost: {
    name: 'monitoring_log_records_lost_total',
    help: 'Log records lost: file (their line in a daily file), spool (could not be kept for the collector), full (spool over its limit), error',
    kind: 'counter',
    unit: '{record}',
    labels: ['reason'],
    merge: 'sum',
    owner: 'logging',
  },
  spoolBytes: {
    name: 'monitoring_spool_bytes',
    help: 'Bytes of log records that the collector has not taken',
    kind: 'gauge',
    unit: 'By',
    labels: [],
    merge: 'once',
    owner,
  },
  spoolOldest: {
    name: 'monitoring_spool_oldest_seconds',
    help: 'Age of the oldest log record that waits after a failure',
    kind: 'gauge',
    unit: 's',
    labels: [],
    merge: 'once',
    owner,
  },
  recordsShipped: {
    name: 'monitoring_log_records_shipped_total',
    help: 'Log records that the collector took',
    kind: 'counter',
    unit: '{record}',
    labels: [],
    merge: 'once',
    owner,
  },
  recordsRefused: {
    name: 'monitoring_log_records_refused_total',
    help: 'Log records that the collector refused for good; they are kept aside',
    kind: 'counter',
    unit: '{record}',
    labels: [],
    merge: 'once',
    owner,
  },
  shipFailures: {
    name: 'monitoring_log_ship_failures_total',
    help: 'Requests with log records that failed and are repeated',
    kind: 'counter',
    unit: '{request}',
    labels: [],
    merge: 'once',
    owner,
  },
  collectorUp: {
    name: 'monitoring_collector_up',
    help: 'Whether the collector took the log records last sent to it',
    kind: 'gauge',
    unit: '',
    labels: [],
    merge: 'once',
    owner,
  },
} as const satisfies MetricRows;
