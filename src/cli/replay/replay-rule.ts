import { parse } from '../../promql/index.ts';
import type { Alert } from '../../alerts/rules/alert.ts';
import { evaluateAlertingRule } from '../../alerts/evaluation/evaluate-rule.ts';
import type { AlertingRule, RuleGroup } from '../../alerts/rules/rule.ts';
import { initialRuleState, type RuleState, step } from '../../alerts/rules/step.ts';
import type { Labels } from '../../samples/labels.ts';
import { GivenSamples } from './given-samples.ts';
import type { QueryRange, RemoteSeries } from './remote-prometheus.ts';

/** The time that is replayed: `fromMs` is a multiple of the step. */
export interface ReplayTimes {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** One time that an alert fired. */
export interface Episode {
  readonly labels: Labels;
  readonly firedAtMs: number;
  /** Undefined: it still fired at the end. */
  readonly resolvedAtMs: number | undefined;
}

export interface Replay {
  readonly episodes: readonly Episode[];
  /** Times that an alert was pending and did not fire. */
  readonly cancelled: number;
  /** Steps at which the rule could not be evaluated, and why at the first of them. */
  readonly failures: number;
  readonly error: string | undefined;
}

/** Replaces the expression, whose results come from the server. */
const RESULTS = parse('results');

type Sample = { readonly labels: Labels; readonly value: number };

function byTime(series: readonly RemoteSeries[]): ReadonlyMap<number, readonly Sample[]> {
  const times = new Map<number, Sample[]>();
  for (const { labels, points } of series) {
    for (const [timeMs, value] of points) {
      const samples = times.get(timeMs);
      if (samples === undefined) times.set(timeMs, [{ labels, value }]);
      else samples.push({ labels, value });
    }
  }
  return times;
}

/** Collects the episodes of one rule from the changes of its alerts. */
class Episodes {
  readonly done: Episode[] = [];
  cancelled = 0;

  take(kind: string, alert: Alert): void {
    if (kind === 'cancelled') this.cancelled++;
    if (alert.kind !== 'resolved') return;
    const { labels, firedAtMs, resolvedAtMs } = alert;
    this.done.push({ labels, firedAtMs, resolvedAtMs });
  }

  finish(state: RuleState): readonly Episode[] {
    for (const alert of state.alerts.values()) {
      if (alert.kind !== 'firing') continue;
      this.done.push({ labels: alert.labels, firedAtMs: alert.firedAtMs, resolvedAtMs: undefined });
    }
    return this.done.toSorted((a, b) => a.firedAtMs - b.firedAtMs);
  }
}

/**
 * Runs the state machine of a rule over what a server answers for its expression: templates of labels, `for`,
 * `keep_firing_for` and `limit` as in the monitor. Rejects as `queryRange` does.
 */
export async function replayRule(
  rule: AlertingRule,
  { limit, queryOffsetMs }: Pick<RuleGroup, 'limit' | 'queryOffsetMs'>,
  { fromMs, toMs, stepMs }: ReplayTimes,
  queryRange: QueryRange,
): Promise<Replay> {
  const results = byTime(
    await queryRange(rule.exprText, fromMs - queryOffsetMs, toMs - queryOffsetMs, stepMs),
  );
  const queryable = new GivenSamples();
  // Annotations are not looked at, and may ask for more than the server was asked.
  const replayed: AlertingRule = { ...rule, expr: RESULTS, annotations: {}, annotationTemplates: {} };
  const context = { queryable, externalLabels: {}, externalUrl: '', subqueryStepMs: stepMs, limit };
  const { forMs, keepFiringForMs } = rule;
  const episodes = new Episodes();
  let state = initialRuleState;
  let failures = 0;
  let error: string | undefined;
  for (let timeMs = fromMs; timeMs <= toMs; timeMs += stepMs) {
    const samples = results.get(timeMs - queryOffsetMs) ?? [];
    if (samples.length === 0 && state.alerts.size === 0) continue;
    queryable.set(timeMs, samples);
    const { result } = evaluateAlertingRule(replayed, timeMs, timeMs, context);
    if (result.kind === 'error') {
      failures++;
      error ??= result.error;
    }
    const next = step(state, result, timeMs, { forMs, keepFiringForMs, holdAbsent: false });
    for (const event of next.events) episodes.take(event.kind, event.alert);
    ({ state } = next);
  }
  return { episodes: episodes.finish(state), cancelled: episodes.cancelled, failures, error };
}
