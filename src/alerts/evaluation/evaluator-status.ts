import type { SampleStoreStats } from '../../samples/sample-store.ts';
import type { ChannelStatus } from '../notifications/notifier.ts';
import type { Alert } from '../rules/alert.ts';
import type { GroupRunner } from './group-runner.ts';
import type { RuleOrigin } from '../rules/rule.ts';
import type { RuleEvaluation, RuleRunner, RuleStore } from './rule-runner.ts';

/** One alert for a status page. */
export interface AlertStatus {
  readonly state: Alert['kind'];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  readonly activeAtMs: number;
  readonly firedAtMs: number | undefined;
  readonly resolvedAtMs: number | undefined;
}

export interface RuleStatus {
  readonly kind: 'alerting' | 'recording';
  readonly name: string;
  readonly expr: string;
  readonly where: string;
  readonly forMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** As written, templates not expanded. */
  readonly annotations: Readonly<Record<string, string>>;
  /**
   * The highest of its alerts (firing, pending, inactive); `waiting`: a default rule whose metrics were never seen;
   * `unknown`: not evaluated yet. Resolved alerts count as inactive.
   */
  readonly state: 'firing' | 'pending' | 'inactive' | 'waiting' | 'unknown';
  readonly health: 'unknown' | 'ok' | 'error';
  readonly error: string | undefined;
  /** Metrics of a waiting rule that were never seen. */
  readonly missingMetrics: readonly string[];
  readonly alerts: readonly AlertStatus[];
  /** The last evaluations, oldest first. */
  readonly history: readonly RuleEvaluation[];
}

export interface GroupStatus {
  readonly name: string;
  readonly file: string;
  readonly origin: RuleOrigin;
  readonly intervalMs: number;
  readonly lastEvaluationMs: number | undefined;
  readonly lastDurationMs: number | undefined;
  /** Evaluations that were due and were skipped. */
  readonly missed: number;
  readonly rules: readonly RuleStatus[];
}

/** What the metrics of the monitor need; cheaper than the whole status. */
export interface EvaluatorReadings {
  readonly ruleFailures: number;
  readonly missed: readonly { readonly group: string; readonly count: number }[];
  readonly store: SampleStoreStats;
  readonly channels: readonly ChannelStatus[];
}

/** Everything that the evaluator knows, for the status page. */
export interface EvaluatorStatus {
  readonly lastRunMs: number | undefined;
  /** Until when restored alerts are not resolved. */
  readonly warmUntilMs: number | undefined;
  readonly collectFailures: number;
  readonly ruleFailures: number;
  readonly groups: readonly GroupStatus[];
  readonly store: SampleStoreStats;
  readonly channels: readonly ChannelStatus[];
}

function alertStatus(alert: Alert): AlertStatus {
  const { kind, labels, annotations, value, activeAtMs } = alert;
  return {
    state: kind,
    labels: labels.toRecord(),
    annotations,
    value,
    activeAtMs,
    firedAtMs: kind === 'pending' ? undefined : alert.firedAtMs,
    resolvedAtMs: kind === 'resolved' ? alert.resolvedAtMs : undefined,
  };
}

function stateOf(runner: RuleRunner, missing: readonly string[]): RuleStatus['state'] {
  const kinds = new Set([...runner.state.alerts.values()].map(({ kind }) => kind));
  if (kinds.has('firing')) return 'firing';
  if (kinds.has('pending')) return 'pending';
  if (missing.length > 0) return 'waiting';
  return runner.state.health === 'unknown' ? 'unknown' : 'inactive';
}

function ruleStatus(runner: RuleRunner, origin: RuleOrigin, store: KnownMetrics): RuleStatus {
  const { rule } = runner;
  const missingMetrics = origin === 'default' ? runner.missingMetrics(store) : [];
  return {
    kind: rule.kind,
    name: rule.name,
    expr: rule.exprText,
    where: rule.where,
    forMs: rule.kind === 'alerting' ? rule.forMs : 0,
    labels: rule.labels,
    annotations: rule.kind === 'alerting' ? rule.annotations : {},
    state: stateOf(runner, missingMetrics),
    health: runner.state.health,
    error: runner.state.error,
    missingMetrics,
    alerts: [...runner.state.alerts.values()].map(alertStatus),
    history: runner.history,
  };
}

type KnownMetrics = Pick<RuleStore, 'hasMetric'>;

/** The state of a group and its rules. */
export function groupStatus(runner: GroupRunner, store: KnownMetrics): GroupStatus {
  const { name, file, origin } = runner.group;
  return {
    name,
    file,
    origin,
    intervalMs: runner.intervalMs,
    lastEvaluationMs: runner.lastSlotMs,
    lastDurationMs: runner.lastDurationMs,
    missed: runner.missed,
    rules: runner.runners.map((rule) => ruleStatus(rule, origin, store)),
  };
}
