import type { AlertUpdate } from '../notifications/alert-update.ts';
import type { Alert } from '../rules/alert.ts';
import type { RuleOutcome } from './group-runner.ts';
import type { RuleAlert } from './rule-set.ts';
import type { RuleRunner } from './rule-runner.ts';

function updateOf(
  runner: RuleRunner,
  alert: Exclude<Alert, { kind: 'pending' }>,
  nowMs: number,
): AlertUpdate {
  const { rule } = runner;
  const { alertname = rule.name, ...labels } = alert.labels.toRecord();
  const common = {
    id: alert.labels.key,
    name: alertname,
    labels,
    annotations: alert.annotations,
    value: alert.value,
    activeAtMs: alert.activeAtMs,
    firedAtMs: alert.firedAtMs,
    evaluatedAtMs: nowMs,
    rule: { expr: rule.exprText, forMs: rule.kind === 'alerting' ? rule.forMs : 0, where: rule.where },
  };
  return alert.kind === 'firing'
    ? { kind: 'firing', ...common }
    : { kind: 'resolved', ...common, resolvedAtMs: alert.resolvedAtMs };
}

/** The alerts of an evaluated rule, as notifications see them. */
export function updatesOf({ runner, events }: RuleOutcome, nowMs: number): readonly AlertUpdate[] {
  const updates: AlertUpdate[] = [];
  for (const alert of runner.state.alerts.values()) {
    if (alert.kind !== 'pending') updates.push(updateOf(runner, alert, nowMs));
  }
  // A rule that was loaded again with a longer duration sets its alerts back to pending: they no longer fire.
  for (const { kind, alert } of events) {
    if (kind !== 'pending') continue;
    const ended = { ...alert, kind: 'resolved', firedAtMs: alert.activeAtMs, resolvedAtMs: nowMs } as const;
    updates.push(updateOf(runner, ended, nowMs));
  }
  return updates;
}

/** Alerts of rules that are gone, as notifications see them. */
export function endedUpdates(
  ended: readonly RuleAlert<Exclude<Alert, { kind: 'pending' }>>[],
  nowMs: number,
): AlertUpdate[] {
  return ended.map(({ runner, alert }) => updateOf(runner, alert, nowMs));
}
