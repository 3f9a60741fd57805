import type { SettingRow } from './setting.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Every environment variable that the package reads, in the order of the reference page.
 * The key is the name of the setting in the code; `docs/settings.md` is generated from these rows.
 */
export const settingRows = {
  disabled: {
    name: 'OTEL_SDK_DISABLED',
    type: { kind: 'boolean' },
    default: 'false',
    group: 'behaviour',
    description: 'Nothing is observed, started or written.',
  },
  serviceName: {
    name: 'OTEL_SERVICE_NAME',
    type: { kind: 'string' },
    group: 'service',
    description:
      'Name of the service. Not set: `service.name` of OTEL_RESOURCE_ATTRIBUTES, else the name in the package.json of the program, else `unknown_service:node`.',
  },
  resourceAttributes: {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    type: { kind: 'pairs' },
    group: 'service',
    description: 'Further attributes of the service, `key=value,key=value`, values percent-encoded.',
  },
  metricsHost: {
    name: 'OTEL_EXPORTER_PROMETHEUS_HOST',
    type: { kind: 'string' },
    default: '127.0.0.1',
    group: 'metrics',
    description: 'Address on which /metrics is served. In a container set 0.0.0.0.',
  },
  metricsPort: {
    name: 'OTEL_EXPORTER_PROMETHEUS_PORT',
    type: { kind: 'integer', min: 0, max: 65_535 },
    default: '9464',
    group: 'metrics',
    description: 'Port on which /metrics is served; 0 takes a free one.',
  },
  metricsToken: {
    name: 'MONITORING_METRICS_TOKEN',
    type: { kind: 'string' },
    secret: true,
    group: 'metrics',
    description:
      'When set, /metrics and everything beside it ask for `Authorization: Bearer <token>`; `geometra-monitoring` sends it.',
  },
  allowedHosts: {
    name: 'MONITORING_ALLOWED_HOSTS',
    type: { kind: 'list' },
    group: 'metrics',
    description:
      'Names under which the monitor may be asked (the `Host` header) besides loopback names, addresses and the name of the machine, comma-separated: a proxy, a service of Kubernetes or Docker Compose. `*` allows any. Without it a web page whose name is made to lead here could read everything.',
  },
  targetInfo: {
    name: 'MONITORING_TARGET_INFO',
    type: { kind: 'list' },
    group: 'metrics',
    description:
      'Resource attributes that `target_info` shows besides those of service and SDK, comma-separated. Others in OTEL_RESOURCE_ATTRIBUTES go to the collector only.',
  },
  metricsExporters: {
    name: 'OTEL_METRICS_EXPORTER',
    type: { kind: 'choices', choices: ['prometheus', 'otlp', 'none'] },
    default: 'prometheus,otlp',
    group: 'export',
    description: 'Where metrics go; `otlp` needs an endpoint.',
  },
  logsExporters: {
    name: 'OTEL_LOGS_EXPORTER',
    type: { kind: 'choices', choices: ['otlp', 'none'] },
    default: 'otlp',
    group: 'export',
    description: 'Where log records go besides the daily files; `otlp` needs an endpoint.',
  },
  tracesExporters: {
    name: 'OTEL_TRACES_EXPORTER',
    type: { kind: 'choices', choices: ['otlp', 'console', 'none'] },
    default: 'none',
    group: 'export',
    description:
      'Traces are opt-in: any value but `none` starts @opentelemetry/sdk-node, which the service has to install.',
  },
  otlpEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    type: { kind: 'url' },
    group: 'export',
    description: 'Base address of an OpenTelemetry collector; `/v1/metrics` and `/v1/logs` are appended.',
  },
  otlpMetricsEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    type: { kind: 'url' },
    group: 'export',
    description: 'Full address for metrics; overrides the base address.',
  },
  otlpLogsEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    type: { kind: 'url' },
    group: 'export',
    description: 'Full address for log records; overrides the base address.',
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
    description: 'Headers for metrics, added to the common ones.',
  },
  otlpLogsHeaders: {
    name: 'OTEL_EXPORTER_OTLP_LOGS_HEADERS',
    type: { kind: 'pairs' },
    secret: true,
    group: 'export',
    description: 'Headers for log records, added to the common ones.',
  },
  otlpTimeoutMs: {
    name: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    type: { kind: 'duration', minMs: 1, maxMs: HOUR_MS, bare: 'ms' },
    default: '10000',
    group: 'export',
    description: 'How long one export may take; a bare number is milliseconds.',
  },
  otlpProtocol: {
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    type: { kind: 'choice', choices: ['http/json'] },
    default: 'http/json',
    group: 'export',
    description:
      'Protocol towards the collector. Every collector takes http/json on the port of http/protobuf.',
  },
  metricIntervalMs: {
    name: 'OTEL_METRIC_EXPORT_INTERVAL',
    type: { kind: 'duration', minMs: 100, maxMs: DAY_MS, bare: 'ms' },
    default: '60000',
    group: 'export',
    description: 'Time between two pushes of metrics; a bare number is milliseconds.',
  },
  grafanaToken: {
    name: 'MONITORING_GRAFANA_TOKEN',
    type: { kind: 'string' },
    secret: true,
    group: 'export',
    description:
      'Token of a service account of the Grafana that `geometra-monitoring dashboards push` writes to.',
  },
  logDir: {
    name: 'MONITORING_LOG_DIR',
    type: { kind: 'string' },
    default: 'logs',
    group: 'logs',
    description: 'Folder of the daily files, of the spool and of our own log and state.',
  },
  logFormat: {
    name: 'MONITORING_LOG_FORMAT',
    type: { kind: 'choice', choices: ['text', 'json'] },
    default: 'text',
    group: 'logs',
    description: 'Form of a line in the daily files.',
  },
  logLevel: {
    name: 'MONITORING_LOG_LEVEL',
    type: { kind: 'choice', choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] },
    default: 'INFO',
    group: 'logs',
    description: 'Lowest level that the loggers record.',
  },
  logCodeLocation: {
    name: 'MONITORING_LOG_CODE_LOCATION',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'logs',
    description: 'Each record carries the file, function and line of its log call.',
  },
  logRedactKeys: {
    name: 'MONITORING_LOG_REDACT_KEYS',
    type: { kind: 'list' },
    group: 'logs',
    description: 'Names of extras whose values are replaced by [REDACTED], in addition to the built-in ones.',
  },
  logRetentionDays: {
    name: 'MONITORING_LOG_RETENTION_DAYS',
    type: { kind: 'integer', min: 0, max: 36_500 },
    default: '0',
    group: 'logs',
    description: 'Daily files older than this are deleted; 0 keeps them all.',
  },
  spoolMaxBytes: {
    name: 'MONITORING_SPOOL_MAX_BYTES',
    type: { kind: 'bytes', min: 1_048_576 },
    default: '512MiB',
    group: 'logs',
    description:
      'Most that log records may occupy on disk while the collector is away; beyond it the oldest are dropped, counted and said.',
  },
  ownLogLevel: {
    name: 'MONITORING_OWN_LOG_LEVEL',
    type: { kind: 'choice', choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'NONE'] },
    default: 'INFO',
    group: 'logs',
    description: 'Lowest level of what the package says of itself, in its own daily file and on stderr.',
  },
  rules: {
    name: 'MONITORING_RULES',
    type: { kind: 'list' },
    group: 'alerts',
    description:
      'Rule files or folders of them, comma-separated: the documented format or Prometheus rule files.',
  },
  defaultRules: {
    name: 'MONITORING_DEFAULT_RULES',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'alerts',
    description: 'The rules that come with the package; each is active once its metrics exist.',
  },
  defaultRulesOff: {
    name: 'MONITORING_DEFAULT_RULES_OFF',
    type: { kind: 'list' },
    group: 'alerts',
    description:
      'Names of default rules that are left out, comma-separated: those that a service does not want, or has rules of its own for.',
  },
  rulesIntervalMs: {
    name: 'MONITORING_RULES_INTERVAL',
    type: { kind: 'duration', minMs: 100, maxMs: HOUR_MS, bare: 's' },
    default: '15s',
    group: 'alerts',
    description:
      'Time between two collections of samples, and between two evaluations of rules that name no interval.',
  },
  scrape: {
    name: 'MONITORING_SCRAPE',
    type: { kind: 'list' },
    group: 'alerts',
    description:
      'Addresses of other /metrics pages that rules may look at, comma-separated, each with an optional job: `payments=http://10.0.0.7:9464`. They add `up` and `scrape_*`.',
  },
  rulesMaxRangeMs: {
    name: 'MONITORING_RULES_MAX_RANGE',
    type: { kind: 'duration', minMs: 60_000, maxMs: 31 * DAY_MS, bare: 's' },
    default: '6h',
    group: 'alerts',
    description:
      'How far back rules may look: samples are kept in memory for 15 minutes, those of metrics that the loaded rules look further back at for as long as these need, but no longer than this.',
  },
  rulesStrict: {
    name: 'MONITORING_RULES_STRICT',
    type: { kind: 'boolean' },
    default: 'false',
    group: 'alerts',
    description:
      'Count exactly as a Prometheus without further features does. Else the first increment of a new series counts as well, since OpenTelemetry says when a count began.',
  },
  prometheusUrl: {
    name: 'MONITORING_PROMETHEUS_URL',
    type: { kind: 'url' },
    group: 'alerts',
    description:
      'Address of a Prometheus, or of what answers like one (Mimir, Thanos, VictoriaMetrics), that evaluates the expressions of all alert rules in place of the samples in memory; `/api/v1/query` is appended. Alerts and notifications stay here.',
  },
  prometheusToken: {
    name: 'MONITORING_PROMETHEUS_TOKEN',
    type: { kind: 'string' },
    secret: true,
    group: 'alerts',
    description:
      'Bearer token for the Prometheus of MONITORING_PROMETHEUS_URL, and for the one that `geometra-monitoring rules replay` asks.',
  },
  notifyGroupBy: {
    name: 'MONITORING_NOTIFY_GROUP_BY',
    type: { kind: 'list' },
    default: 'alertname',
    group: 'alerts',
    description:
      'Labels by which alerts are put together into one notification; `...` makes one notification per alert.',
  },
  notifyGroupWaitMs: {
    name: 'MONITORING_NOTIFY_GROUP_WAIT',
    type: { kind: 'duration', minMs: 0, maxMs: HOUR_MS, bare: 's' },
    default: '5s',
    group: 'alerts',
    description: 'How long the first notification of a group waits for further alerts.',
  },
  notifyGroupIntervalMs: {
    name: 'MONITORING_NOTIFY_GROUP_INTERVAL',
    type: { kind: 'duration', minMs: 0, maxMs: DAY_MS, bare: 's' },
    default: '1m',
    group: 'alerts',
    description: 'Least time between two notifications of one group, such as "firing" and "resolved".',
  },
  notifyRepeatMs: {
    name: 'MONITORING_NOTIFY_REPEAT',
    type: { kind: 'duration', minMs: 1000, maxMs: 365 * DAY_MS, bare: 's' },
    default: '4h',
    group: 'alerts',
    description: 'After this time an alert that still fires is told again.',
  },
  notifyResolved: {
    name: 'MONITORING_NOTIFY_RESOLVED',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'alerts',
    description: 'Tell also that an alert is over.',
  },
  notifyMaxAlerts: {
    name: 'MONITORING_NOTIFY_MAX_ALERTS',
    type: { kind: 'integer', min: 1, max: 1000 },
    default: '20',
    group: 'alerts',
    description: 'Most alerts that one mail lists; further ones are counted.',
  },
  notifyBurst: {
    name: 'MONITORING_NOTIFY_BURST',
    type: { kind: 'integer', min: 1, max: 10_000 },
    default: '10',
    group: 'alerts',
    description: 'Notifications that may go out at once; beyond that groups share one, and none is dropped.',
  },
  notifyPerHour: {
    name: 'MONITORING_NOTIFY_PER_HOUR',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '60',
    group: 'alerts',
    description: 'Notifications an hour beyond the first burst.',
  },
  webhookUrls: {
    name: 'MONITORING_WEBHOOK_URL',
    type: { kind: 'list' },
    secret: true,
    group: 'alerts',
    description:
      'Addresses that alerts are posted to in the webhook format of Alertmanager, comma-separated.',
  },
  alertmanagerUrls: {
    name: 'MONITORING_ALERTMANAGER_URL',
    type: { kind: 'list' },
    secret: true,
    group: 'alerts',
    description:
      'Addresses of Alertmanagers that alerts are sent to as Prometheus sends them (API v2), comma-separated; every one gets them all.',
  },
  heartbeatUrl: {
    name: 'MONITORING_HEARTBEAT_URL',
    type: { kind: 'string' },
    secret: true,
    group: 'alerts',
    description:
      'Address that is called for as long as rules are evaluated; a service there notices when the calls end.',
  },
  heartbeatIntervalMs: {
    name: 'MONITORING_HEARTBEAT_INTERVAL',
    type: { kind: 'duration', minMs: 1000, maxMs: DAY_MS, bare: 's' },
    default: '1m',
    group: 'alerts',
    description: 'Time between two calls of MONITORING_HEARTBEAT_URL.',
  },
  externalUrl: {
    name: 'MONITORING_EXTERNAL_URL',
    type: { kind: 'url' },
    group: 'alerts',
    description:
      'Address under which people reach the pages of the monitor, for webhooks, Alertmanager and templates of rules. Not set: the address on which /metrics is served.',
  },
  smtpHost: {
    name: 'SMTP_HOST',
    type: { kind: 'string' },
    group: 'mail',
    description: 'Mail server. Not set: alerts are shown and logged, not mailed.',
  },
  smtpPort: {
    name: 'SMTP_PORT',
    type: { kind: 'integer', min: 1, max: 65_535 },
    default: '587',
    group: 'mail',
    description: 'Port of the mail server: 465 speaks TLS from the start, any other STARTTLS.',
  },
  smtpUser: {
    name: 'SMTP_USER',
    type: { kind: 'string' },
    group: 'mail',
    description: 'Login name; also the sender when SMTP_FROM is not set.',
  },
  smtpPassword: {
    name: 'SMTP_PASSWORD',
    type: { kind: 'string' },
    secret: true,
    group: 'mail',
    description: 'Login password.',
  },
  smtpFrom: {
    name: 'SMTP_FROM',
    type: { kind: 'string' },
    group: 'mail',
    description: 'Sender of the mails.',
  },
  smtpTo: {
    name: 'SMTP_TO',
    type: { kind: 'list' },
    group: 'mail',
    description:
      'Recipients, comma-separated. There is no default: without one alerts are shown and logged, not mailed.',
  },
  smtpToBySeverity: {
    name: 'SMTP_TO_BY_SEVERITY',
    type: { kind: 'pairs' },
    group: 'mail',
    description:
      'Recipients of alerts of some severities instead of those in SMTP_TO: `critical=oncall@example.org;boss@example.org,info=log@example.org`.',
  },
  smtpTls: {
    name: 'SMTP_TLS',
    type: { kind: 'choice', choices: ['required', 'optional', 'off'] },
    default: 'required',
    group: 'mail',
    description: '`required`: no mail without TLS. `optional`: STARTTLS where offered. `off`: plain text.',
  },
  smtpCaFile: {
    name: 'SMTP_CA_FILE',
    type: { kind: 'string' },
    group: 'mail',
    description: 'PEM file of the authority that signed the certificate of the mail server.',
  },
  hostIntervalMs: {
    name: 'MONITORING_HOST_INTERVAL',
    type: { kind: 'duration', minMs: 200, maxMs: HOUR_MS, bare: 's' },
    default: '15s',
    group: 'metrics',
    description: 'Time between two samples of the host: CPU, memory, disk.',
  },
  maxEndpoints: {
    name: 'MONITORING_MAX_ENDPOINTS',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '1000',
    group: 'metrics',
    description:
      'Most values that the label `endpoint` takes in the life of the process; further ones count as `__overflow__`.',
  },
  maxLabelValues: {
    name: 'MONITORING_MAX_LABEL_VALUES',
    type: { kind: 'integer', min: 1, max: 100_000 },
    default: '200',
    group: 'metrics',
    description: 'The same for `model`, `database`, `application` and `event`.',
  },
  registerGlobals: {
    name: 'MONITORING_REGISTER_GLOBALS',
    type: { kind: 'choice', choices: ['auto', 'always', 'never'] },
    default: 'auto',
    group: 'behaviour',
    description:
      'Register our meter and logger providers as the global ones of OpenTelemetry. `auto`: unless the service has an OpenTelemetry SDK of its own.',
  },
  handleSignals: {
    name: 'MONITORING_HANDLE_SIGNALS',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'behaviour',
    description:
      'While a collector is set, SIGTERM and SIGINT first ship the last log records (two seconds at most); the signal then does what it did before.',
  },
  exitDeadlineMs: {
    name: 'MONITORING_EXIT_DEADLINE',
    type: { kind: 'duration', minMs: 0, maxMs: 60_000, bare: 's' },
    default: '500ms',
    group: 'behaviour',
    description:
      'Longest that the end of the process waits for the collector to take the last log records. Nothing is waited for while the collector is away; what is not taken comes with the next start.',
  },
  monitorMemoryMb: {
    name: 'MONITORING_MAX_MEMORY_MB',
    type: { kind: 'integer', min: 32, max: 65_536 },
    default: '256',
    group: 'behaviour',
    description:
      'Most heap that the monitor thread may take; beyond it the thread is started anew, the service goes on.',
  },
  shareMonitor: {
    name: 'MONITORING_SHARE_MONITOR',
    type: { kind: 'boolean' },
    default: 'true',
    group: 'behaviour',
    description:
      'Processes of one service on one machine (cluster, PM2) share one monitor, one port and one set of sums.',
  },
} as const satisfies Record<string, SettingRow>;

export type SettingKey = keyof typeof settingRows;
