/**
 * The table of all errors: what happened (with where, expected, got), what we do now, and what you can do. Codes are
 * stable and never reused; `docs/errors.md` is generated from these rows. `{name}` is replaced by the parameter of
 * that name.
 */
const problemRows = {
  MON_CONFIG_VALUE: {
    what: 'invalid value "{got}" for {where}: expected {expected}',
    now: 'using {fallback}',
    fix: 'correct or remove the variable',
  },
  MON_CONFIG_UNKNOWN: {
    what: 'unknown setting {where}',
    now: 'ignoring it',
    fix: 'check its spelling in docs/settings.md',
  },
  MON_CONFIG_SECRET_FILE: {
    what: '{where}: cannot read {path}: {got}',
    now: 'treating the setting as not set',
    fix: 'make the file readable to the user that runs the service',
  },
  MON_NODE_TOO_OLD: {
    what: 'Node.js {got} is not supported: expected {expected} or newer',
    now: 'monitoring is off in this process',
    fix: 'upgrade Node.js',
  },
  MON_WORKER_FORBIDDEN: {
    what: 'the Node.js permission model forbids worker threads',
    now: 'monitoring is off in this process',
    fix: 'add --allow-worker, or remove the preload',
  },
  MON_PRELOAD: {
    what: '@geometra/monitoring was preloaded without /register',
    now: 'the explicit API works, nothing is observed by itself',
    fix: 'start with --require @geometra/monitoring/register',
  },
  MON_PRELOAD_LATE: {
    what: 'loaded before monitoring: {where}',
    now: 'what is used of it from now on is observed, as far as it can be reached',
    fix: 'start with --require @geometra/monitoring/register, so that monitoring is loaded first',
  },
  MON_DISABLED: {
    what: '{where}=true switches monitoring off',
    now: 'nothing of this service is observed',
    fix: 'remove the variable to observe it',
  },
  MON_START: {
    what: 'monitoring failed to start: {got}',
    now: 'the service runs without monitoring',
    fix: 'report this together with the text above',
  },
  MON_THREAD_ALONE: {
    what: 'a worker thread cannot reach monitoring: the thread that started it has no preload',
    now: 'log records and metrics of this worker thread are lost',
    fix: 'start the process with --require @geometra/monitoring/register',
  },
  MON_SOURCE: {
    what: 'the source {where} failed: {got}',
    now: 'this measurement is skipped, everything else continues; further errors are counted',
    fix: 'report this together with the text above',
  },
  MON_SOURCE_OFF: {
    what: 'the source {where} failed 10 times; last error: {got}',
    now: 'the source is off in this process, everything else continues',
    fix: 'report this together with the text above and the version of the library',
  },
  MON_TRACES_SDK: {
    what: '{where}: failed to start @opentelemetry/sdk-node: {got}',
    now: 'traces are not exported',
    fix: 'run npm install @opentelemetry/sdk-node in the service, or unset the variable',
  },
  MON_MONITOR_DIED: {
    what: 'the monitor thread exited ({where}): {got}',
    now: '{next}',
    fix: 'report this if it happens again',
  },
  MON_MONITOR_SOCKET: {
    what: 'cannot start a separate monitor for {where}: {got}',
    now: 'exiting',
    fix: 'stop the other monitor, or make the temporary folder writable',
  },
  MON_SHARE: {
    what: 'another process holds the socket {where}, but no monitor answers there',
    now: 'this process runs its own monitor',
    fix: 'stop the process that holds the socket, or set MONITORING_SHARE_MONITOR=false',
  },
  MON_LOCK_TAKEN: {
    what: 'the socket name {where} is held by another user or program',
    now: 'the processes of the service use another name',
    fix: 'nothing is needed; `ss -xlp` shows to root who holds it',
  },
  MON_RUNTIME_FOLDER: {
    what: 'the folder {where} for the sockets of monitoring belongs to another user',
    now: '{next}',
    fix: 'remove that folder, or set XDG_RUNTIME_DIR to a folder of the user of the service',
  },
  MON_LINK: {
    what: '{where} sent what this version of the package does not send: {got}',
    now: 'this connection is closed; all others go on',
    fix: 'run one version of the package in all processes of a service, and let no other user write to its runtime folder',
  },
  MON_METRICS_OFF: {
    what: '{where}: no exporter for metrics: got "{got}"',
    now: 'metrics are neither on /metrics nor sent; logs, rules and mails work',
    fix: 'remove the variable, or include prometheus, or otlp with an endpoint',
  },
  MON_PORT_TAKEN: {
    what: '{where}: cannot listen on {got}: {reason}',
    now: '/metrics is unavailable; retrying every {retry}',
    fix: 'set OTEL_EXPORTER_PROMETHEUS_PORT to a free port',
  },
  MON_METRICS_OPEN: {
    what: '{where}: anyone who can reach this address can read metrics, rules and alerts, because no token is set',
    now: 'serving without authentication',
    fix: 'set MONITORING_METRICS_TOKEN, or OTEL_EXPORTER_PROMETHEUS_HOST=127.0.0.1',
  },
  MON_HOST: {
    what: '{where}: a request for the host name "{got}" was rejected, as are all for names not listed',
    now: 'clients that use such a name get status 403',
    fix: 'if the name is yours, add it to MONITORING_ALLOWED_HOSTS',
  },
  MON_PAGE: {
    what: '{where}: a request failed: {got}',
    now: 'the client gets status 500; further errors of this page are not logged',
    fix: 'report this together with the text above',
  },
  MON_METRICS_UNREACHABLE: {
    what: 'metrics do not reach the collector at {where}: {got}',
    now: 'retrying at every interval; counters are cumulative, so nothing is lost',
    fix: 'check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, and that the collector is running',
  },
  MON_SCRAPE: {
    what: 'scraping {where} failed: {got}',
    now: 'its `up` is 0; retrying at every interval',
    fix: 'check the address in MONITORING_SCRAPE, and that the service is running',
  },
  MON_LOG_DIR: {
    what: '{where}: cannot write {path}: {got}',
    now: '{next}',
    fix: 'make the folder writable, or set MONITORING_LOG_DIR to another one',
  },
  MON_LOG_WRITE: {
    what: 'cannot write to the daily file {path}: {got}',
    now: '{next}',
    fix: 'free disk space, or make the file writable for the user that runs the service',
  },
  MON_SPOOL_WRITE: {
    what: 'cannot write to the spool {path}: {got}',
    now: 'records go to the daily files only and are not sent to the collector; they are counted',
    fix: 'free disk space, or make the folder writable for the user that runs the service',
  },
  MON_SPOOL_FULL: {
    what: 'the spool {path} exceeds {max} bytes',
    now: 'the oldest records not yet sent are dropped and counted',
    fix: 'restart the collector, or raise MONITORING_SPOOL_MAX_BYTES',
  },
  MON_SPOOL_DAMAGED: {
    what: 'cannot parse the spool file {where}: {got}',
    now: 'the file is kept as {kept}',
    fix: 'inspect the file: its records are lines of JSON',
  },
  MON_SPOOL_LINES: {
    what: 'the spool file {where} has {got} damaged lines',
    now: 'they are counted as lost (monitoring_log_records_lost_total); all other records are sent',
    fix: 'check the disk, and that no other program writes to the spool',
  },
  MON_SPOOL_ACK: {
    what: 'the acknowledgement of the spool file {where} does not match its content',
    now: 'the file is sent from its beginning; duplicate records have the same log.record.uid',
    fix: 'check the disk, and that no other program writes to the spool',
  },
  MON_LOGS_REFUSED_LOST: {
    what: 'the collector at {where} rejected log records permanently: {got}; cannot save them to {path}: {why}',
    now: 'they are counted as lost (monitoring_log_records_lost_total); the daily files still have them',
    fix: 'check the response of the collector, and make the folder writable for the user that runs the service',
  },
  MON_SPOOL_READ: {
    what: 'cannot read the spool file {where}: {got}',
    now: 'its records wait on disk, other files are sent',
    fix: 'make the file readable to the user that runs the service',
  },
  MON_LOGS_UNREACHABLE: {
    what: 'sending log records to the collector at {where} failed: {got}',
    now: 'records wait on disk; retrying at most {pause} apart',
    fix: 'check OTEL_EXPORTER_OTLP_ENDPOINT and the collector',
  },
  MON_LOGS_REFUSED: {
    what: 'the collector at {where} rejected log records permanently: {got}',
    now: 'the rejected records are kept in {kept}',
    fix: 'check credentials, limits and the configuration of the collector',
  },
  MON_LOGGER_NAMES: {
    what: 'more than {max} logger names; the latest is "{where}"',
    now: 'records of further loggers go to "other"',
    fix: 'use a fixed set of logger names, or raise MONITORING_MAX_LABEL_VALUES',
  },
  MON_REDACT_PATTERN: {
    what: 'MONITORING_LOG_REDACT_PATTERNS: invalid pattern {where}: {got}',
    now: 'its matches are not redacted; other patterns and the built-in ones are in use',
    fix: 'use RE2 syntax; separate patterns with spaces, and write a space inside a pattern as \\x20',
  },
  MON_LABEL_LIMIT: {
    what: 'label {where} reached its limit of {got} values',
    now: 'further values are counted as __overflow__',
    fix: 'raise {setting} if you need these values',
  },
  MON_METRIC_CONFLICT: {
    what: 'the service has its own instrument named {where}, like a metric of this package',
    now: "exporting ours and dropping the service's",
    fix: 'rename the instrument in the service',
  },
  MON_METRIC_NAMES: {
    what: 'two instruments of the service are named {where} on /metrics; the second one is {got}',
    now: 'exporting the first one there; both are sent to the collector',
    fix: 'rename one of them in the service',
  },
  MON_METRIC_CALLBACK: {
    what: 'the callback of the instrument {where} did not finish within 250 ms',
    now: 'exporting its last values; other metrics are not affected',
    fix: 'update the value elsewhere in the service and only return it in the callback',
  },
  MON_OTEL_EARLY: {
    what: '{got} OpenTelemetry measurements or log records were dropped before monitoring was ready, because the buffer was full',
    now: 'they are lost',
    fix: 'record fewer of them while the service starts',
  },
  MON_RULE_FILE: {
    what: '{where}: cannot read the rule file: {got}',
    now: 'its rules are not loaded; all others are',
    fix: 'correct MONITORING_RULES, or make the file readable to the user that runs the service',
  },
  MON_RULE: {
    what: '{where}: expected {expected}, got {got}',
    now: 'this rule is skipped; all others are loaded',
    fix: 'correct the rule',
  },
  MON_RULE_EVALUATION: {
    what: '{where}: rule evaluation failed: {got}',
    now: 'its alerts keep their state; retrying at the next evaluation',
    fix: "correct the rule's expression, labels or limit",
  },
  MON_RULES_REMOTE: {
    what: 'querying the Prometheus at {where} failed: {got}',
    now: 'alerts keep their state; retrying at the next evaluation',
    fix: 'check that Prometheus is up, MONITORING_PROMETHEUS_URL, and the user or token',
  },
  MON_METRIC_VALUE: {
    what: 'metric {where}: expected a number or a list of labels with values, got {got}',
    now: 'the metric is skipped in this evaluation',
    fix: 'pass numbers',
  },
  MON_RULES_COLLECT: {
    what: 'collecting metrics for the alert rules failed: {got}',
    now: 'alerts keep their state; retrying at the next evaluation',
    fix: 'report this if it happens again',
  },
  MON_RULES_STORE: {
    what: 'the sample store of the alert rules is full: {got}',
    now: 'further series are dropped and counted',
    fix: 'reduce the number of label values that the service records',
  },
  MON_ALERT_STATE: {
    what: '{where}: cannot load the saved alert state: {got}',
    now: '{next}',
    fix: 'no action is needed; alerts that are still active fire again, and notifications may repeat',
  },
  MON_ALERT_STATE_WRITE: {
    what: '{where}: cannot save the alert state: {got}',
    now: 'the state is kept in memory only; after a restart alerts fire again and notifications may repeat',
    fix: 'make the folder writable, or set MONITORING_LOG_DIR to another one',
  },
  MON_NOTIFY: {
    what: '{where}: sending notifications failed: {got}',
    now: '{next}',
    fix: '{help}',
  },
  MON_NOTIFY_SETTINGS: {
    what: 'invalid value for {where}: expected {expected}, got {got}',
    now: 'this channel is off',
    fix: 'correct the variable',
  },
  MON_MAIL_SETTINGS: {
    what: '{where}: expected {expected}, got {got}',
    now: '{next}',
    fix: 'correct SMTP_HOST, SMTP_FROM and SMTP_TO, or the arguments of NotificationManager',
  },
  MON_COMMAND: {
    what: '{got}',
    now: 'nothing was done',
    fix: 'run `{help}` for usage',
  },
  MON_COMMAND_FILE: {
    what: '{where}: {got}',
    now: 'nothing was done',
    fix: 'check the path and its permissions',
  },
  MON_COMMAND_FOLDER: {
    what: '{where}: {got}',
    now: 'no further files are written',
    fix: 'choose a folder that you can write to',
  },
  MON_REMOTE: {
    what: 'no usable response from {where}: {got}',
    now: 'the command has no result',
    fix: '{help}',
  },
  MON_SILENCE: {
    what: '{where}: expected {expected}, got {got}',
    now: 'no silence was changed',
    fix: 'run `geometra-monitoring silence add --help` or `geometra-monitoring silence list`',
  },
  MON_GRAFANA: {
    what: '{where}: Grafana answered {got}',
    now: 'the command stops; the dashboards listed so far are saved',
    fix: '{help}',
  },
} as const satisfies Record<string, ProblemRow>;

export interface ProblemRow {
  readonly what: string;
  readonly now: string;
  readonly fix: string;
}

export type ProblemCode = keyof typeof problemRows;
export type ProblemParams = Readonly<Record<string, string | number>>;

/** An error with its parameters, ready to be formatted. */
export interface Problem {
  readonly code: ProblemCode;
  readonly params: ProblemParams;
}

export function problem(code: ProblemCode, params: ProblemParams = {}): Problem {
  return { code, params };
}

/** All rows, for the generated reference page. */
export function allProblems(): readonly (readonly [ProblemCode, ProblemRow])[] {
  return Object.entries(problemRows) as [ProblemCode, ProblemRow][];
}

function fill(template: string, params: ProblemParams): string {
  return template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(params[name] ?? placeholder),
  );
}

/** The three parts of a problem as texts. */
export function describeProblem({ code, params }: Problem): ProblemRow {
  const row: ProblemRow = problemRows[code];
  return { what: fill(row.what, params), now: fill(row.now, params), fix: fill(row.fix, params) };
}

/** One line: `[CODE] what. Now: what we do. You can: what helps.` */
export function formatProblem(found: Problem): string {
  const { what, now, fix } = describeProblem(found);
  return `[${found.code}] ${what}. Now: ${now}. You can: ${fix}.`;
}

/**
 * An error of ours with a code. `Symbol.hasInstance` compares the mark and not the class, so that `instanceof`
 * holds between two loaded copies of the package.
 */
export class MonitoringError extends Error {
  static readonly #mark = Symbol.for('geometra.monitoring.error');
  readonly code: ProblemCode;
  readonly params: ProblemParams;

  constructor(code: ProblemCode, params: ProblemParams = {}, options?: ErrorOptions) {
    super(formatProblem({ code, params }), options);
    this.name = 'MonitoringError';
    this.code = code;
    this.params = params;
    Object.defineProperty(this, MonitoringError.#mark, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MonitoringError.#mark in value;
  }
}
