/**
 * The table of everything that can go wrong and is said: what happened (with where, expected, got), what we do
 * now, and what you can do. Codes are stable and are never used again for something else; `docs/errors.md` is
 * generated from these rows. `{name}` is replaced by the parameter of that name.
 */
const problemRows = {
  MON_CONFIG_VALUE: {
    what: '{where}: expected {expected}, got "{got}"',
    now: 'using {fallback}',
    fix: 'correct or remove the variable',
  },
  MON_CONFIG_UNKNOWN: {
    what: '{where}: no setting has this name',
    now: 'ignoring it',
    fix: 'look the name up in docs/settings.md',
  },
  MON_CONFIG_SECRET_FILE: {
    what: '{where}: cannot read {path}: {got}',
    now: 'going on as if it were not set',
    fix: 'make the file readable for the user of the service',
  },
  MON_NODE_TOO_OLD: {
    what: 'Node.js {got} is too old: expected {expected} or newer',
    now: 'monitoring does nothing in this process',
    fix: 'update Node.js',
  },
  MON_WORKER_FORBIDDEN: {
    what: 'the permission model of Node.js forbids worker threads',
    now: 'monitoring does nothing in this process',
    fix: 'start with --allow-worker, or without the preload',
  },
  MON_PRELOAD: {
    what: '@geometra/monitoring was preloaded without /register',
    now: 'the explicit API works, nothing is observed by itself',
    fix: 'start with --require @geometra/monitoring/register',
  },
  MON_DISABLED: {
    what: '{where}=true switches monitoring off',
    now: 'nothing of this service is observed',
    fix: 'remove the variable to observe it',
  },
  MON_START: {
    what: 'monitoring could not start: {got}',
    now: 'the service runs without it',
    fix: 'please report this with the text above',
  },
  MON_SOURCE: {
    what: 'the source {where} failed: {got}',
    now: 'this observation is left out, everything else goes on; further errors of it are counted',
    fix: 'please report this with the text above',
  },
  MON_SOURCE_OFF: {
    what: 'the source {where} failed 10 times, the last time with: {got}',
    now: 'it is switched off in this process, everything else goes on',
    fix: 'please report this with the text above and the version of the library',
  },
  MON_TRACES: {
    what: '{where}: the service has an OpenTelemetry SDK of its own, or our providers are kept private',
    now: 'not starting a second SDK for traces',
    fix: "export traces with the service's own SDK, or set MONITORING_REGISTER_GLOBALS=always",
  },
  MON_TRACES_SDK: {
    what: '{where}: @opentelemetry/sdk-node could not be started: {got}',
    now: 'no traces are exported',
    fix: 'npm install @opentelemetry/sdk-node@0.301.0 in the service, or leave the variable unset',
  },
  MON_MONITOR_DIED: {
    what: 'the monitor thread ended ({where}): {got}',
    now: '{next}',
    fix: 'if it happens again, please report it',
  },
  MON_MONITOR_PLACE: {
    what: 'no separate monitor for {where}: {got}',
    now: 'ending',
    fix: 'end the other one, or see that the temporary folder can be written',
  },
  MON_SHARE: {
    what: 'no monitor answers at {where}, though its place is taken',
    now: 'this process has a monitor of its own',
    fix: 'if processes of the service should share one, end what holds the place, or set MONITORING_SHARE_MONITOR=false',
  },
  MON_PORT_TAKEN: {
    what: '{where}: cannot listen on {got}: {reason}',
    now: '/metrics is not served; trying again every {retry}',
    fix: 'set OTEL_EXPORTER_PROMETHEUS_PORT to a free port',
  },
  MON_METRICS_OPEN: {
    what: '{where}: everyone who reaches this address can read metrics, rules and alerts: no token is set',
    now: 'serving all the same',
    fix: 'set MONITORING_METRICS_TOKEN, or OTEL_EXPORTER_PROMETHEUS_HOST=127.0.0.1',
  },
  MON_PAGE: {
    what: '{where}: a request could not be answered: {got}',
    now: 'the client gets status 500; further errors of this page are not logged',
    fix: 'please report this with the text above',
  },
  MON_METRICS_UNREACHABLE: {
    what: 'metrics do not reach {where}: {got}',
    now: 'trying again with each interval; sums are cumulative, so none is lost',
    fix: 'check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, and that the collector runs',
  },
  MON_SCRAPE: {
    what: '{where} cannot be scraped: {got}',
    now: 'its `up` is 0; trying again with each interval',
    fix: 'check the address in MONITORING_SCRAPE, and that the service runs',
  },
  MON_LOG_DIR: {
    what: '{where}: cannot write {path}: {got}',
    now: '{next}',
    fix: 'make the folder writable, or name another in MONITORING_LOG_DIR',
  },
  MON_LOG_WRITE: {
    what: 'cannot write the daily file {path}: {got}',
    now: '{next}',
    fix: 'free space on the disk, or make the file writable for the user of the service',
  },
  MON_SPOOL_WRITE: {
    what: 'cannot write to the spool {path}: {got}',
    now: 'records go to the daily files only and do not reach the collector; they are counted',
    fix: 'free space on the disk, or make the folder writable for the user of the service',
  },
  MON_SPOOL_FULL: {
    what: 'the spool {path} holds more than {max} bytes',
    now: 'the oldest records that the collector has not taken are dropped and counted',
    fix: 'bring the collector back, or raise MONITORING_SPOOL_MAX_BYTES',
  },
  MON_SPOOL_DAMAGED: {
    what: 'the spool file {where} cannot be read: {got}',
    now: 'it is kept aside as {kept}',
    fix: 'look at the file; its records are lines of JSON',
  },
  MON_SPOOL_READ: {
    what: 'the spool file {where} cannot be read: {got}',
    now: 'its records wait; the others are shipped',
    fix: 'make the file readable for the user of the service',
  },
  MON_LOGS_UNREACHABLE: {
    what: 'the collector at {where} does not take log records: {got}',
    now: 'they wait on disk; trying again with pauses of up to {pause}',
    fix: 'check OTEL_EXPORTER_OTLP_ENDPOINT and the collector',
  },
  MON_LOGS_REFUSED: {
    what: 'the collector at {where} refused log records for good: {got}',
    now: 'they are kept aside in {kept}',
    fix: 'read the answer of the collector: credentials, limits or its configuration',
  },
  MON_LOGGER_NAMES: {
    what: 'there are more than {max} names of loggers; the last one was "{where}"',
    now: 'records of further names go to "other"',
    fix: 'use a fixed set of names, or raise MONITORING_MAX_LABEL_VALUES',
  },
  MON_LABEL_LIMIT: {
    what: 'the label {where} has had {got} values',
    now: 'further values count as __overflow__',
    fix: 'raise {setting} if these values are wanted',
  },
  MON_METRIC_CONFLICT: {
    what: 'the service has an instrument named {where} of its own',
    now: 'showing ours under this name and leaving out the other',
    fix: 'rename the instrument of the service',
  },
  MON_RULE_FILE: {
    what: '{where}: cannot read the rule file: {got}',
    now: 'its rules are not evaluated; all others are',
    fix: 'correct MONITORING_RULES, or make the file readable for the user of the service',
  },
  MON_RULE: {
    what: '{where}: expected {expected}, got {got}',
    now: 'this rule is left out; all others are evaluated',
    fix: 'correct the rule',
  },
  MON_RULE_EVALUATION: {
    what: '{where}: the rule could not be evaluated: {got}',
    now: 'its alerts stay as they were; trying again at every evaluation',
    fix: 'correct the expression, labels or limit of the rule',
  },
  MON_RULES_REMOTE: {
    what: 'the Prometheus at {where} does not evaluate the alert rules: {got}',
    now: 'alerts stay as they were; trying again at every evaluation',
    fix: 'check that it runs, MONITORING_PROMETHEUS_URL, and user or token',
  },
  MON_METRIC_VALUE: {
    what: 'metric {where}: expected a number or a list of labels with values, got {got}',
    now: 'it is left out of this evaluation',
    fix: 'hand in numbers',
  },
  MON_RULES_COLLECT: {
    what: 'the metrics for the alert rules could not be collected: {got}',
    now: 'alerts stay as they were; trying again at the next evaluation',
    fix: 'if it happens again, please report it',
  },
  MON_RULES_STORE: {
    what: 'the sample store of the alert rules is full: {got}',
    now: 'further series are left out and counted',
    fix: 'lower the number of label values that the service records',
  },
  MON_ALERT_STATE: {
    what: '{where}: cannot use the saved state of the alerts: {got}',
    now: '{next}',
    fix: 'nothing has to be done; alerts that still hold fire again, and their mails may come a second time',
  },
  MON_ALERT_STATE_WRITE: {
    what: '{where}: cannot save the state of the alerts: {got}',
    now: 'going on in memory; after a restart alerts fire again and their mails may come a second time',
    fix: 'make the folder writable, or name another in MONITORING_LOG_DIR',
  },
  MON_NOTIFY: {
    what: '{where}: alerts could not be told: {got}',
    now: '{next}',
    fix: '{help}',
  },
  MON_NOTIFY_SETTINGS: {
    what: '{where}: expected {expected}, got {got}',
    now: 'nothing is sent there',
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
    fix: '{help} says how it is used',
  },
  MON_COMMAND_FILE: {
    what: '{where}: {got}',
    now: 'nothing was done',
    fix: 'name files that this user can read',
  },
  MON_COMMAND_FOLDER: {
    what: '{where}: {got}',
    now: 'nothing more is written',
    fix: 'name a folder that this user can write',
  },
  MON_REMOTE: {
    what: 'no usable answer from {where}: {got}',
    now: 'the command ends without a result',
    fix: '{help}',
  },
  MON_SILENCE: {
    what: '{where}: expected {expected}, got {got}',
    now: 'no silence was changed',
    fix: '`geometra-monitoring silence add --help` and `silence list` say more',
  },
  MON_GRAFANA: {
    what: '{where}: Grafana answered {got}',
    now: 'the command ends; dashboards that it has named are in place',
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

/** Something that went wrong, ready to be said. */
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
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
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
