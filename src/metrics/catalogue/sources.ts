import type { MetricRows } from './metric-row.ts';

const owner = 'sources/seam';

/** What observes the service without its help. */
export const sourceMetrics = {
  sourceInfo: {
    name: 'monitoring_source_info',
    help: 'Libraries found by the sources, always 1; state: observed, patched, unknown_version, failed or switched_off',
    kind: 'gauge',
    unit: '',
    labels: ['source', 'library', 'version', 'state'],
    merge: 'max',
    owner,
  },
  sourceErrors: {
    name: 'monitoring_source_errors_total',
    help: 'Errors of a source; the tenth one turns it off in that process',
    kind: 'counter',
    unit: '{error}',
    labels: ['source'],
    merge: 'sum',
    owner,
  },
  sourceDropped: {
    name: 'monitoring_source_events_dropped_total',
    help: 'Events of a source dropped before the agent was started',
    kind: 'counter',
    unit: '{event}',
    labels: ['source'],
    merge: 'sum',
    owner,
  },
  threadMessagesDropped: {
    name: 'monitoring_thread_messages_dropped_total',
    help: 'Messages with log records or measurements from worker threads, dropped because the parent thread was busy too long',
    kind: 'counter',
    unit: '{message}',
    labels: [],
    merge: 'sum',
    owner,
  },
} as const satisfies MetricRows;
