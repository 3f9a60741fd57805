import type { SettingRow } from './setting.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * All environment variables that the package reads, in the order of the reference page. The key is the name of the
 * setting in the code; `docs/settings.md` is generated from these rows.
 */
export const settingRows = {
  disabled: {
    name: 'OTEL_SDK_DISABLED',
    type: { kind: 'boolean' },
    default: 'false',
    group: 'behaviour',
    description: 'Turns monitoring off: nothing is measured, started or written.',
  },
  serviceName: {
    name: 'OTEL_SERVICE_NAME',
    type: { kind: 'string' },
    group: 'service',
    description:
      'Name of the service. If not set: `service.name` from OTEL_RESOURCE_ATTRIBUTES, else the name in the package.json of the program, else `unknown_service:node`.',
  },
  resourceAttributes: {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    type: { kind: 'pairs' },
    group: 'service',
    description: 'Resource attributes of the service, `key=value,key=value` with percent-encoded values.',
  },
  metricsHost: {
    name: 'OTEL_EXPORTER_PROMETHEUS_HOST',
    type: { kind: 'string' },
    default: '127.0.0.1',
    group: 'metrics',
    description: 'Address that /metrics listens on. Set 0.0.0.0 in a container.',
  },
  metricsPort: {
    name: 'OTEL_EXPORTER_PROMETHEUS_PORT',
    type: { kind: 'integer', min: 0, max: 65_535 },
    default: '9464',
    group: 'metrics',
    description: 'Port that /metrics listens on; 0 picks a free one.',
  },
  metricsToken: {
    name: 'MONITORING_METRICS_TOKEN',
    type: { kind: 'string' },
    secret: true,
    group: 'metrics',
    description:
      'If set, /metrics and the HTTP API require `Authorization: Bearer <token>`; the `geometra-monitoring` commands send it.',
  },
  allowedHosts: {
    name: 'MONITORING_ALLOWED_HOSTS',
    type: { kind: 'list' },
    group: 'metrics',
    description:
      'Host names that requests to the monitor may use (`Host` header) besides loopback names, IP addresses and the host name of the machine, comma-separated, such as the name of a proxy or of a Kubernetes or Docker Compose service. `*` allows any name, which disables the protection against DNS rebinding.',
  },
  targetInfo: {
    name: 'MONITORING_TARGET_INFO',
    type: { kind: 'list' },
    group: 'metrics',
    description:
      'Resource attributes to expose in `target_info` besides those of service and SDK, comma-separated. Other OTEL_RESOURCE_ATTRIBUTES go to the collector only.',
  },
  metricsExporters: {
    name: 'OTEL_METRICS_EXPORTER',
    type: { kind: 'choices', choices: ['prometheus', 'otlp', 'none'] },
    default: 'prometheus,otlp',
    group: 'export',
    description: 'Metrics exporters; `otlp` needs an endpoint.',
  },
  logsExporters: {
    name: 'OTEL_LOGS_EXPORTER',
    type: { kind: 'choices', choices: ['otlp', 'none'] },
    default: 'otlp',
    group: 'export',
    description: 'Log exporters in addition to the daily files; `otlp` needs an endpoint.',
  },
  tracesExporters: {
    name: 'OTEL_TRACES_EXPORTER',
    type: { kind: 'choices', choices: ['otlp', 'console', 'none'] },
    default: 'none',
    group: 'export',
    description:
      'Trace exporters. Any value but `none` starts the @opentelemetry/sdk-node installed in the service before the program, with @opentelemetry/auto-instrumentations-node if it is installed. An SDK started by the service itself replaces it.',
  },
  otlpEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    type: { kind: 'url' },
    group: 'export',
    description: 'Base URL of an OpenTelemetry collector; `/v1/metrics` and `/v1/logs` are appended.',
  },
  otlpMetricsEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    type: { kind: 'url' },
    group: 'export',
    description: 'Full URL for metrics; overrides the base URL.',
  },
  otlpLogsEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    type: { kind: 'url' },
    group: 'export',
    description: 'Full URL for log records; overrides the base URL.',
  },
  otlpHeaders: {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    type: { kind: 'pairs' },
    secret: true,
    group: 'export',
    description: 'Headers sent to the collector, `key=value,key=value`.',
  },
  otlpMetricsHeaders: {
    name: 'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
    type: { kind: 'pairs' },
    secret: true,
    group: 'export',
    description: 'Additional headers for metrics.',
  },
  otlpLogsHeaders: {
    name: 'OTEL_EXPORTER_OTLP_LOGS_HEADERS',
    type: { kind: 'pairs' },
    secret: true,
    group: 'export',
    description: 'Additional headers for log records.',
  },
  otlpTimeoutMs: {
    name: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    type: { kind: 'duration', minMs: 1, maxMs: HOUR_MS, bare: 'ms' },
    default: '10000',
    group: 'export',
    description: 'Timeout of one export; a bare number is milliseconds.',
  },
  otlpProtocol: {
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    type: { kind: 'choice', choices: ['http/json'], aliases: { 'http/protobuf': 'http/json' } },
    default: 'http/json',
    group: 'export',
    description:
      'Protocol of the exporters. Requests are always sent as http/json, which a collector accepts on the same port as http/protobuf; grpc is not supported.',
  },
  metricIntervalMs: {
    name: 'OTEL_METRIC_EXPORT_INTERVAL',
    type: { kind: 'duration', minMs: 100, maxMs: DAY_MS, bare: 'ms' },
    default: '60000',
    group: 'export',
    description: 'Interval between metric pushes; a bare number is milliseconds.',
  },
  grafanaToken: {
    name: 'MONITORING_GRAFANA_TOKEN',
    type: { kind: 'string' },
    secret: true,
    group: 'export',
    description: 'Grafana service account token for `geometra-monitoring dashboards push`.',
  },
  logDir: {
    name: 'MONITORING_LOG_DIR',
    type: { kind: 'string' },
    default: 'logs',
    group: 'logs',
    description: 'Folder for daily files, the spool, the monitoring log and saved state.',
  },
  aiHosts: {
    name: 'MONITORING_AI_HOSTS',
    type: { kind: 'list' },
    default: '',
    group: 'metrics',
    description:
      'Further hosts, with or without a port, whose answers to paths of known AI APIs count as AI calls, such as a model server of your own.',
  },
  logFormat: {
    name: 'MONITORING_LOG_FORMAT',
    type: { kind: 'choice', choices: ['text', 'json'] },
    default: 'text',
    group: 'logs',
    description: 'Line format of the daily files.',
  },
  logTextExtras: {
    name: 'MONITORING_LOG_TEXT_EXTRAS',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'logs',
    description: 'Appends the extras of a log call as `key=value` to the lines of the text format.',
  },
  logLevel: {
    name: 'MONITORING_LOG_LEVEL',
    type: {
      kind: 'choice',
      choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
      aliases: { trace: 'DEBUG', warn: 'WARNING', fatal: 'CRITICAL' },
    },
    default: 'INFO',
    group: 'logs',
    description: 'Lowest level that the loggers write.',
  },
  logCodeLocation: {
    name: 'MONITORING_LOG_CODE_LOCATION',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'logs',
    description: 'Adds the file, function and line of the log call to each record.',
  },
  logRedactKeys: {
    name: 'MONITORING_LOG_REDACT_KEYS',
    type: { kind: 'list' },
    group: 'logs',
    description:
      'Names whose values are replaced with [REDACTED] in extras and texts, in addition to the built-in ones (docs/redaction.md).',
  },
  logRedactPatterns: {
    name: 'MONITORING_LOG_REDACT_PATTERNS',
    type: { kind: 'string' },
    group: 'logs',
    description:
      'Regular expressions in RE2 syntax, separated by spaces, whose matches are replaced with [REDACTED] in addition to the built-in ones (docs/redaction.md): `EMP-\\d{6} \\bkund-[0-9a-f]{8}\\b`. Write a space inside a pattern as `\\x20`. With patterns, log texts are cut at 16,384 characters, or earlier for large patterns.',
  },
  logBridges: {
    name: 'MONITORING_LOG_BRIDGE',
    type: { kind: 'choices', choices: ['console', 'pino', 'winston', 'bunyan', 'nest', 'none'] },
    default: 'console,pino,winston,bunyan,nest',
    group: 'logs',
    description:
      'Loggers of the service whose lines become log records as well; what they print stays as it is. `none` switches all off.',
  },
  logRetentionDays: {
    name: 'MONITORING_LOG_RETENTION_DAYS',
    type: { kind: 'integer', min: 0, max: 36_500 },
    default: '14',
    group: 'logs',
    description: 'Age in days after which daily files are deleted; 0 keeps all.',
  },
  logRetentionBytes: {
    name: 'MONITORING_LOG_RETENTION_BYTES',
    type: { kind: 'bytes', min: 0 },
    default: '1GiB',
    group: 'logs',
    description:
      'Maximum total size of the daily files. Beyond it the oldest are deleted, but never those of today. 0 keeps all.',
  },
  spoolMaxBytes: {
    name: 'MONITORING_SPOOL_MAX_BYTES',
    type: { kind: 'bytes', min: 1_048_576 },
    default: '512MiB',
    group: 'logs',
    description:
      'Maximum size of log records on disk while the collector is unreachable. Beyond it the oldest are dropped, counted and logged.',
  },
  ownLogLevel: {
    name: 'MONITORING_OWN_LOG_LEVEL',
    type: {
      kind: 'choice',
      choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'NONE'],
      aliases: { trace: 'DEBUG', warn: 'WARNING', off: 'NONE' },
    },
    default: 'INFO',
    group: 'logs',
    description: 'Lowest level of the monitoring log, in its daily file and on stderr.',
  },
  rules: {
    name: 'MONITORING_RULES',
    type: { kind: 'list' },
    group: 'alerts',
    description:
      'Rule files or folders with rule files, comma-separated, in the documented format or the Prometheus format.',
  },
  defaultRules: {
    name: 'MONITORING_DEFAULT_RULES',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'alerts',
    description: 'Enables the default rules. Each becomes active once its metrics exist.',
  },
  defaultRulesOff: {
    name: 'MONITORING_DEFAULT_RULES_OFF',
    type: { kind: 'list' },
    group: 'alerts',
    description: 'Names of default rules to disable, comma-separated.',
  },
  rulesIntervalMs: {
    name: 'MONITORING_RULES_INTERVAL',
    type: { kind: 'duration', minMs: 100, maxMs: HOUR_MS, bare: 's' },
    default: '15s',
    group: 'alerts',
    description:
      'Interval between sample collections, and between evaluations of rules without their own interval.',
  },
  scrape: {
    name: 'MONITORING_SCRAPE',
    type: { kind: 'list' },
    group: 'alerts',
    description:
      'Other /metrics URLs to scrape for rules, comma-separated, each with an optional job name: `payments=http://10.0.0.7:9464`. Adds `up` and `scrape_*`.',
  },
  rulesMaxRangeMs: {
    name: 'MONITORING_RULES_MAX_RANGE',
    type: { kind: 'duration', minMs: 60_000, maxMs: 31 * DAY_MS, bare: 's' },
    default: '6h',
    group: 'alerts',
    description:
      'Maximum look-back of rules. Samples are kept in memory for 15 minutes, and for longer up to this limit if a loaded rule needs it.',
  },
  rulesStrict: {
    name: 'MONITORING_RULES_STRICT',
    type: { kind: 'boolean' },
    default: 'false',
    group: 'alerts',
    description:
      'Evaluates rates exactly like Prometheus with default flags. If false, the first increment of a new series counts too, thanks to the start timestamps of OpenTelemetry.',
  },
  prometheusUrl: {
    name: 'MONITORING_PROMETHEUS_URL',
    type: { kind: 'url' },
    group: 'alerts',
    description:
      'URL of a Prometheus or compatible server (Mimir, Thanos, VictoriaMetrics) that evaluates the expressions of all alert rules instead of the samples in memory; `/api/v1/query` is appended. Alert states and notifications stay in the monitor.',
  },
  prometheusToken: {
    name: 'MONITORING_PROMETHEUS_TOKEN',
    type: { kind: 'string' },
    secret: true,
    group: 'alerts',
    description: 'Bearer token for MONITORING_PROMETHEUS_URL and `geometra-monitoring rules replay`.',
  },
  notifyGroupBy: {
    name: 'MONITORING_NOTIFY_GROUP_BY',
    type: { kind: 'list' },
    default: 'alertname',
    group: 'alerts',
    description: 'Labels to group alerts by into one notification; `...` sends one notification per alert.',
  },
  notifyGroupWaitMs: {
    name: 'MONITORING_NOTIFY_GROUP_WAIT',
    type: { kind: 'duration', minMs: 0, maxMs: HOUR_MS, bare: 's' },
    default: '5s',
    group: 'alerts',
    description: 'How long to wait for further alerts before the first notification of a group.',
  },
  notifyGroupIntervalMs: {
    name: 'MONITORING_NOTIFY_GROUP_INTERVAL',
    type: { kind: 'duration', minMs: 0, maxMs: DAY_MS, bare: 's' },
    default: '1m',
    group: 'alerts',
    description: 'Minimum interval between notifications of one group.',
  },
  notifyRepeatMs: {
    name: 'MONITORING_NOTIFY_REPEAT',
    type: { kind: 'duration', minMs: 1000, maxMs: 365 * DAY_MS, bare: 's' },
    default: '4h',
    group: 'alerts',
    description: 'How often the notification of an alert that is still firing is repeated.',
  },
  notifyResolved: {
    name: 'MONITORING_NOTIFY_RESOLVED',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'alerts',
    description: 'Sends a notification when an alert is resolved.',
  },
  notifyMaxAlerts: {
    name: 'MONITORING_NOTIFY_MAX_ALERTS',
    type: { kind: 'integer', min: 1, max: 1000 },
    default: '20',
    group: 'alerts',
    description: 'Maximum number of alerts listed in one mail; further ones are counted.',
  },
  notifyBurst: {
    name: 'MONITORING_NOTIFY_BURST',
    type: { kind: 'integer', min: 1, max: 10_000 },
    default: '10',
    group: 'alerts',
    description:
      'Number of notifications that may be sent at once. Beyond it, groups are merged into one notification; none is dropped.',
  },
  notifyPerHour: {
    name: 'MONITORING_NOTIFY_PER_HOUR',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '60',
    group: 'alerts',
    description: 'Notifications per hour after the burst.',
  },
  webhookUrls: {
    name: 'MONITORING_WEBHOOK_URL',
    type: { kind: 'list' },
    secret: true,
    group: 'alerts',
    description: 'URLs to post alerts to in the Alertmanager webhook format, comma-separated.',
  },
  alertmanagerUrls: {
    name: 'MONITORING_ALERTMANAGER_URL',
    type: { kind: 'list' },
    secret: true,
    group: 'alerts',
    description: 'URLs of Alertmanagers (API v2), comma-separated. Each one gets all alerts.',
  },
  heartbeatUrl: {
    name: 'MONITORING_HEARTBEAT_URL',
    type: { kind: 'string' },
    secret: true,
    group: 'alerts',
    description:
      'URL to call regularly as long as rules are evaluated, so that an external service notices when monitoring stops.',
  },
  heartbeatIntervalMs: {
    name: 'MONITORING_HEARTBEAT_INTERVAL',
    type: { kind: 'duration', minMs: 1000, maxMs: DAY_MS, bare: 's' },
    default: '1m',
    group: 'alerts',
    description: 'Interval between calls of MONITORING_HEARTBEAT_URL.',
  },
  externalUrl: {
    name: 'MONITORING_EXTERNAL_URL',
    type: { kind: 'url' },
    group: 'alerts',
    description:
      'URL under which the monitor is reachable, for links in webhooks, Alertmanager and rule templates. If not set: the address that /metrics listens on.',
  },
  smtpHost: {
    name: 'SMTP_HOST',
    type: { kind: 'string' },
    group: 'mail',
    description: 'Mail server. If not set, alerts are shown and logged, not mailed.',
  },
  smtpPort: {
    name: 'SMTP_PORT',
    type: { kind: 'integer', min: 1, max: 65_535 },
    default: '587',
    group: 'mail',
    description: 'Port of the mail server: implicit TLS on 465, STARTTLS on any other.',
  },
  smtpUser: {
    name: 'SMTP_USER',
    type: { kind: 'string' },
    secret: true,
    group: 'mail',
    description: 'User name; also the sender if SMTP_FROM is not set.',
  },
  smtpPassword: {
    name: 'SMTP_PASSWORD',
    type: { kind: 'string' },
    secret: true,
    group: 'mail',
    description: 'Password.',
  },
  smtpFrom: {
    name: 'SMTP_FROM',
    type: { kind: 'string' },
    group: 'mail',
    description: 'Sender address.',
  },
  smtpTo: {
    name: 'SMTP_TO',
    type: { kind: 'string' },
    group: 'mail',
    description:
      'Recipients, separated by commas, semicolons or blanks, with or without a name: `ops@example.org, "Boss, the" <boss@example.org>`. There is no default: without recipients alerts are shown and logged, not mailed.',
  },
  smtpToBySeverity: {
    name: 'SMTP_TO_BY_SEVERITY',
    type: { kind: 'string' },
    group: 'mail',
    description:
      'Recipients by severity, instead of SMTP_TO: `critical=oncall@example.org;boss@example.org,info=log@example.org`.',
  },
  smtpTls: {
    name: 'SMTP_TLS',
    type: { kind: 'choice', choices: ['required', 'optional', 'off'] },
    default: 'required',
    group: 'mail',
    description:
      '`required`: never send without TLS. `optional`: use STARTTLS if offered. `off`: plain text.',
  },
  smtpCaFile: {
    name: 'SMTP_CA_FILE',
    type: { kind: 'string' },
    group: 'mail',
    description: 'PEM file with the CA certificate of the mail server.',
  },
  hostIntervalMs: {
    name: 'MONITORING_HOST_INTERVAL',
    type: { kind: 'duration', minMs: 200, maxMs: HOUR_MS, bare: 's' },
    default: '15s',
    group: 'metrics',
    description: 'Interval between samples of host CPU, memory and disk.',
  },
  maxEndpoints: {
    name: 'MONITORING_MAX_ENDPOINTS',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '1000',
    group: 'metrics',
    description:
      'Maximum number of `endpoint` label values over the lifetime of the process; further ones are counted as `__overflow__`.',
  },
  maxLabelValues: {
    name: 'MONITORING_MAX_LABEL_VALUES',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '200',
    group: 'metrics',
    description:
      'Maximum number of values of each of the labels `model`, `database`, `application` and `event`.',
  },
  registerGlobals: {
    name: 'MONITORING_REGISTER_GLOBALS',
    type: { kind: 'choice', choices: ['auto', 'always', 'never'] },
    default: 'auto',
    group: 'behaviour',
    description:
      'How OpenTelemetry instruments and loggers of the service itself are exported while it registers no SDK. `auto`: its copies of @opentelemetry/api and api-logs use ours, and nothing is registered. `always`: ours are also registered as the globals, for copies within bundles; an SDK that starts later may then fail to register. `never`: not at all.',
  },
  handleSignals: {
    name: 'MONITORING_HANDLE_SIGNALS',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'behaviour',
    description:
      'Listens to SIGTERM and SIGINT, so that an end by a signal is not taken for a crash; with a collector configured, sends the last log records first (two seconds at most). Then the signal takes effect. A blocked event loop delays it. With `false`, an end by a signal that the service does not listen to counts as `killed`.',
  },
  exitDeadlineMs: {
    name: 'MONITORING_EXIT_DEADLINE',
    type: { kind: 'duration', minMs: 0, maxMs: 60_000, bare: 's' },
    default: '500ms',
    group: 'behaviour',
    description:
      'Maximum time that process exit waits for the last log records to be sent. There is no wait while the collector is unreachable; the records are sent after the next start.',
  },
  monitorMemoryMb: {
    name: 'MONITORING_MAX_MEMORY_MB',
    type: { kind: 'integer', min: 32, max: 65_536 },
    default: '256',
    group: 'behaviour',
    description:
      'Heap limit of the monitor thread. Beyond it the thread is restarted; the service keeps running.',
  },
  runtimeDir: {
    name: 'XDG_RUNTIME_DIR',
    type: { kind: 'string' },
    group: 'behaviour',
    description:
      'Folder of the user, made by the system, in which the processes of a service share a socket; without it a folder in the temporary folder, `geometra-monitoring-<uid>`.',
  },
  shareMonitor: {
    name: 'MONITORING_SHARE_MONITOR',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'behaviour',
    description:
      'Processes of one service on one machine (cluster, PM2) share one monitor, one port and one set of totals.',
  },
} as const satisfies Record<string, SettingRow>;

export type SettingKey = keyof typeof settingRows;
