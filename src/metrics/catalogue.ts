/** One instrument: what OpenTelemetry needs to make it, and what people read on /metrics. */
export interface InstrumentRow {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'histogram' | 'gauge' | 'updown' | 'observable-counter';
  /**
   * Chosen so that no exporter appends a suffix to the documented name: `s` where the name ends in `_seconds`,
   * a unit in braces for counts (left out by the OTLP translation of Prometheus), none for percentages, where
   * `%` would append `_percent` and `1` `_ratio`.
   */
  readonly unit: string;
  readonly labels: readonly string[];
  readonly boundaries?: readonly number[];
}

/** Seconds; the boundaries that the HTTP semantic conventions of OpenTelemetry advise. */
const HTTP_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;
/** Seconds; answers of language models take from a tenth of a second to two minutes. */
const AI_BOUNDARIES = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120] as const;
/** Seconds; the boundaries that the database semantic conventions of OpenTelemetry advise. */
const DB_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] as const;

/** The documented metrics, then ours beside them. Names, help and labels are the contract with dashboards. */
export const catalogue = {
  httpRequests: {
    name: 'http_requests_total',
    help: 'Total HTTP requests',
    kind: 'counter',
    unit: '{request}',
    labels: ['method', 'endpoint', 'status'],
  },
  httpDuration: {
    name: 'http_request_duration_seconds',
    help: 'HTTP request duration',
    kind: 'histogram',
    unit: 's',
    labels: ['method', 'endpoint'],
    boundaries: HTTP_BOUNDARIES,
  },
  systemCpu: { name: 'system_cpu_usage', help: 'CPU usage percentage', kind: 'gauge', unit: '', labels: [] },
  systemMemory: {
    name: 'system_memory_usage',
    help: 'Memory usage percentage',
    kind: 'gauge',
    unit: '',
    labels: [],
  },
  systemDisk: {
    name: 'system_disk_usage',
    help: 'Disk usage percentage',
    kind: 'gauge',
    unit: '',
    labels: [],
  },
  aiRequests: {
    name: 'ai_requests_total',
    help: 'Total AI requests',
    kind: 'counter',
    unit: '{request}',
    labels: ['model', 'status'],
  },
  aiDuration: {
    name: 'ai_request_duration_seconds',
    help: 'AI request duration',
    kind: 'histogram',
    unit: 's',
    labels: ['model'],
    boundaries: AI_BOUNDARIES,
  },
  aiTokens: {
    name: 'ai_tokens_total',
    help: 'Total tokens processed',
    kind: 'counter',
    unit: '{token}',
    labels: ['model', 'type'],
  },
  dbConnections: {
    name: 'db_connections',
    help: 'Database connections',
    kind: 'updown',
    unit: '{connection}',
    labels: ['database'],
  },
  dbQueries: {
    name: 'db_queries_total',
    help: 'Total database queries',
    kind: 'counter',
    unit: '{query}',
    labels: ['database', 'type'],
  },
  dbDuration: {
    name: 'db_query_duration_seconds',
    help: 'Database query duration',
    kind: 'histogram',
    unit: 's',
    labels: ['database', 'type'],
    boundaries: DB_BOUNDARIES,
  },
  logRecords: {
    name: 'log_records_total',
    help: 'Log records taken, by logger and level',
    kind: 'counter',
    unit: '{record}',
    labels: ['application', 'level'],
  },
  securityEvents: {
    name: 'security_events_total',
    help: 'Security events logged, by event name',
    kind: 'counter',
    unit: '{event}',
    labels: ['event'],
  },
} as const satisfies Record<string, InstrumentRow>;
