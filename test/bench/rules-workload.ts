import { defaultRules } from '../../src/alerts/default-rules/index.ts';
import type { AlertRule } from '../../src/alerts/rules/alert-rule.ts';
import { toPrometheusRules } from '../../src/alerts/rules/files/export-prometheus.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { Random } from '../conformance/differential/random.ts';

/** One series whose value at a time is known, so that two programs can be given the same. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly at: (timeMs: number) => number;
}

export const SERIES = 5000;
export const RULES = 40;
export const STEP_MS = 15_000;
/** Prometheus takes no samples that are an hour older than its newest. */
export const SPAN_MS = 3_300_000; // 55 minutes

/** What a team adds to the default rules: the same questions for each endpoint, query and model. */
const further: readonly (readonly [name: string, condition: string])[] = [
  [
    'EndpointErrors',
    'sum by (endpoint) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (endpoint) (rate(http_requests_total[5m])) > 0.05',
  ],
  [
    'EndpointP99',
    'histogram_quantile(0.99, sum by (le, endpoint) (rate(http_request_duration_seconds_bucket[5m]))) > 2.5',
  ],
  [
    'EndpointMean',
    'sum by (endpoint) (rate(http_request_duration_seconds_sum[5m])) / sum by (endpoint) (rate(http_request_duration_seconds_count[5m])) > 1',
  ],
  ['EndpointIdle', 'sum by (endpoint) (rate(http_requests_total[10m])) == 0'],
  [
    'ErrorBudget',
    'sum(rate(http_requests_total{status=~"5.."}[30m])) / sum(rate(http_requests_total[30m])) > 0.0144 and sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.0144',
  ],
  ['QueriesPerRequest', 'sum(rate(db_queries_total[5m])) / sum(rate(http_requests_total[5m])) > 50'],
  ['DiskFillsUp', 'predict_linear(system_disk_usage[30m], 86400) > 100'],
  [
    'TokensPerRequest',
    'sum by (model) (rate(ai_tokens_total[5m])) / sum by (model) (rate(ai_requests_total[5m])) > 8000',
  ],
  ['NoRequests', 'absent(http_requests_total) or sum(rate(http_requests_total[5m])) == 0'],
];

/** 40 rules as a Prometheus rule file with one group. */
export function ruleFile(): string {
  const added = further.map(([name, condition]): AlertRule => ({
    name,
    condition,
    duration: '2m',
    severity: 'warning',
    description: `{{ $value | humanize }} at {{ $labels.endpoint }}.`,
    labels: {},
  }));
  const rules = [...defaultRules, ...added].slice(0, RULES);
  if (rules.length < RULES) throw new Error(`${rules.length} rules, expected ${RULES}`);
  return toPrometheusRules(rules);
}

type Labels = Readonly<Record<string, string>>;
type At = Series['at'];

/** Counts `perSecond` from a whole day before the first sample, so that no counter begins within the samples. */
function counting(beginMs: number, perSecond: number): At {
  return (timeMs) => Math.floor(((timeMs - beginMs) / 1000 + 86_400) * perSecond);
}

class Workload {
  readonly series: Series[] = [];
  readonly #random = new Random(1);
  readonly #beginMs: number;

  constructor(beginMs: number) {
    this.#beginMs = beginMs;
  }

  gauge(name: string, value: number, labels: Labels = {}): void {
    // A little unrest, so that values do not compress to nothing.
    this.series.push({ name, labels, at: (timeMs) => value * (1 + 0.01 * Math.sin(timeMs / 60_000)) });
  }

  constant(name: string, value: number, labels: Labels = {}): void {
    this.series.push({ name, labels, at: () => value });
  }

  counter(name: string, perSecond: number, labels: Labels = {}): void {
    const rate = perSecond * (0.9 + 0.2 * this.#random.next());
    this.series.push({ name, labels, at: counting(this.#beginMs, rate) });
  }

  /** Durations spread about `meanSeconds`. */
  histogram(row: HistogramRow, perSecond: number, meanSeconds: number, labels: Labels): void {
    const { name, boundaries } = row;
    for (const bound of boundaries) {
      const share = 1 - Math.exp(-bound / meanSeconds);
      const le = Number.isInteger(bound) ? `${bound}.0` : String(bound);
      this.#count(`${name}_bucket`, perSecond * share, { ...labels, le });
    }
    this.#count(`${name}_bucket`, perSecond, { ...labels, le: '+Inf' });
    this.#count(`${name}_count`, perSecond, labels);
    const count = counting(this.#beginMs, perSecond);
    this.series.push({ name: `${name}_sum`, labels, at: (timeMs) => count(timeMs) * meanSeconds });
  }

  #count(name: string, perSecond: number, labels: Labels): void {
    this.series.push({ name, labels, at: counting(this.#beginMs, perSecond) });
  }
}

interface HistogramRow {
  readonly name: string;
  readonly boundaries: readonly number[];
}

const METHODS = ['GET', 'POST'];
const STATUSES: readonly (readonly [status: string, perSecond: number])[] = [
  ['200', 1],
  ['404', 0.02],
  ['500', 0.01],
];
/** Statuses that top the series up to their number. */
const RARE = ['400', '401', '403', '429', '499', '502', '503'];

function addProcess(load: Workload): void {
  load.constant('monitoring_agent_up', 1);
  load.gauge('nodejs_eventloop_lag_p99_seconds', 0.02);
  load.gauge('nodejs_eventloop_utilization_ratio', 0.4);
  load.gauge('system_cpu_usage', 95);
  load.gauge('system_memory_usage', 60);
  load.gauge('system_disk_usage', 70);
  load.gauge('process_resident_memory_bytes', 150e6);
  for (const application of ['api', 'ai', 'db', 'security']) {
    for (const level of ['DEBUG', 'INFO', 'WARNING']) {
      load.counter('log_records_total', 2, { application, level });
    }
    const failing = application === 'api';
    if (failing) load.counter('log_records_total', 0.5, { application, level: 'ERROR' });
    else load.constant('log_records_total', 0, { application, level: 'ERROR' });
    load.constant('log_records_total', 0, { application, level: 'CRITICAL' });
  }
  for (const event of ['login', 'logout', 'token issued', 'role changed']) {
    load.counter('security_events_total', 0.05, { event });
  }
  load.counter('security_events_total', 0.2, { event: 'login failed' });
  load.counter('security_events_total', 0.01, { event: 'access denied' });
}

function addMonitor(load: Workload): void {
  load.constant('monitoring_log_records_lost_total', 0);
  load.counter('monitoring_otlp_metric_pushes_total', 1 / 60, { result: 'success' });
  load.constant('monitoring_otlp_metric_pushes_total', 0, { result: 'failure' });
  for (const channel of ['mail', 'webhook']) {
    load.counter('monitoring_notifications_total', 1 / 600, { channel, result: 'delivered' });
    load.constant('monitoring_notifications_total', 0, { channel, result: 'failed' });
    load.constant('monitoring_notifications_waiting', 0, { channel });
  }
  load.constant('monitoring_rule_failures_total', 0);
  load.constant('monitoring_rule_samples_dropped_total', 0);
  for (const group of ['system', 'monitor', 'performance', 'security']) {
    load.constant('monitoring_rule_evaluations_missed_total', 0, { group });
  }
}

function addClients(load: Workload): void {
  for (const model of ['small', 'large', 'vision', 'embedding']) {
    load.histogram(catalogue.aiDuration, 0.5, 3, { model });
    load.counter('ai_requests_total', 0.5, { model, status: 'success' });
    load.counter('ai_requests_total', model === 'vision' ? 0.1 : 0.001, { model, status: 'error' });
    for (const type of ['input', 'output']) load.counter('ai_tokens_total', 50, { model, type });
  }
  for (const database of ['app', 'audit', 'redis/0']) {
    load.gauge('db_connections', 8, { database });
    for (const type of ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'OTHER']) {
      load.counter('db_queries_total', 5, { database, type });
      load.histogram(catalogue.dbDuration, 5, 0.01, { database, type });
    }
  }
}

/** 5,000 series of the documented metrics, as a service with about 115 endpoints has them, without counters that begin. */
export function workload(beginMs: number): readonly Series[] {
  const load = new Workload(beginMs);
  addProcess(load);
  addMonitor(load);
  addClients(load);
  const perEndpoint = METHODS.length * (catalogue.httpDuration.boundaries.length + 3 + STATUSES.length);
  const endpoints = Math.floor((SERIES - load.series.length) / perEndpoint);
  for (let n = 0; n < endpoints; n++) {
    const endpoint = `/api/resource${n}/:id`;
    for (const method of METHODS) {
      // Every twentieth endpoint is slow, every thirtieth fails.
      load.histogram(catalogue.httpDuration, 1, n % 20 === 0 ? 1.5 : 0.08, { endpoint, method });
      for (const [status, perSecond] of STATUSES) {
        const often = status === '500' && n % 30 === 0 ? 10 : 1;
        load.counter('http_requests_total', perSecond * often, { endpoint, method, status });
      }
    }
  }
  for (let n = 0; load.series.length < SERIES; n++) {
    const status = RARE[n % RARE.length] ?? '';
    const endpoint = `/api/resource${Math.floor(n / RARE.length)}/:id`;
    load.counter('http_requests_total', 0.001, { endpoint, method: 'GET', status });
  }
  return load.series;
}

/** When the last of the samples is, so that a program that reads the machine's clock finds them fresh. */
export function endOf(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS) * STEP_MS;
}
