import type { ActiveAlert, Alert, AlertEvent, FiringAlert, PendingAlert } from './alert.ts';

/** Resolved alerts are remembered this long, as in Prometheus (rules/alerting.go, resolvedRetention). */
export const RESOLVED_RETENTION_MS = 900_000; // 15 minutes

/** The alerts of one rule and how its last evaluation went. */
export interface RuleState {
  readonly health: 'unknown' | 'ok' | 'error';
  /** Why the last evaluation failed. */
  readonly error: string | undefined;
  /** By the key of the labels. */
  readonly alerts: ReadonlyMap<string, Alert>;
}

export type RuleResult =
  | { readonly kind: 'ok'; readonly active: readonly ActiveAlert[] }
  | { readonly kind: 'error'; readonly error: string };

/** What of a rule its state machine needs. */
export interface StepRule {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** True while what is absent may only not have been observed yet: absent alerts stay as they are. */
  readonly holdAbsent: boolean;
}

export interface Step {
  readonly state: RuleState;
  readonly events: readonly AlertEvent[];
}

export const initialRuleState: RuleState = { health: 'unknown', error: undefined, alerts: new Map() };

/** The alert with its times moved back by what the clock was set back, so that none lies ahead. */
function withinClock(alert: PendingAlert | FiringAlert, nowMs: number): PendingAlert | FiringAlert {
  const aheadMs = (alert.kind === 'firing' ? alert.firedAtMs : alert.activeAtMs) - nowMs;
  if (aheadMs <= 0) return alert;
  const activeAtMs = alert.activeAtMs - aheadMs;
  return alert.kind === 'firing' ? { ...alert, activeAtMs, firedAtMs: nowMs } : { ...alert, activeAtMs };
}

/** Pending and firing of an alert whose condition holds. */
function present(before: Alert | undefined, active: ActiveAlert, nowMs: number, rule: StepRule): Alert {
  const known = before === undefined || before.kind === 'resolved' ? undefined : withinClock(before, nowMs);
  const activeAtMs = known?.activeAtMs ?? nowMs;
  const common = { ...active, activeAtMs };
  // Also for a firing alert: the rule may have been loaded again with a longer duration.
  if (nowMs - activeAtMs < rule.forMs) return { kind: 'pending', ...common };
  const firedAtMs = known?.kind === 'firing' ? known.firedAtMs : nowMs;
  return { kind: 'firing', ...common, firedAtMs, keptSinceMs: undefined };
}

/** What becomes of an alert whose condition does not hold; undefined: nothing is left of it. */
function absent(before: Alert, nowMs: number, rule: StepRule): Alert | undefined {
  if (before.kind === 'resolved') {
    return nowMs - before.resolvedAtMs > RESOLVED_RETENTION_MS ? undefined : before;
  }
  if (rule.holdAbsent) return before;
  if (before.kind === 'pending') return undefined;
  if (rule.keepFiringForMs > 0) {
    const keptSinceMs = Math.min(before.keptSinceMs ?? nowMs, nowMs);
    if (nowMs - keptSinceMs < rule.keepFiringForMs) return { ...before, keptSinceMs };
  }
  return resolve(before, nowMs);
}

/** A firing alert that ends now. */
export function resolve(alert: FiringAlert, nowMs: number): Alert & { kind: 'resolved' } {
  const { labels, annotations, value, activeAtMs, firedAtMs } = alert;
  return { kind: 'resolved', labels, annotations, value, activeAtMs, firedAtMs, resolvedAtMs: nowMs };
}

function eventOf(before: Alert | undefined, after: Alert | undefined): AlertEvent | undefined {
  if (after === undefined) {
    return before?.kind === 'pending' ? { kind: 'cancelled', alert: before } : undefined;
  }
  if (after.kind === before?.kind) return undefined;
  switch (after.kind) {
    case 'pending':
      return { kind: 'pending', alert: after };
    case 'firing':
      return { kind: 'firing', alert: after };
    case 'resolved':
      return { kind: 'resolved', alert: after };
  }
}

/**
 * One evaluation of an alerting rule (Prometheus, rules/alerting.go). Pure. An error leaves all alerts as they are.
 * Departs from Prometheus where users were hurt: a failed evaluation for too many alerts (`limit`) also keeps them,
 * and during a warm-up (`holdAbsent`) nothing is resolved.
 */
export function step(state: RuleState, result: RuleResult, nowMs: number, rule: StepRule): Step {
  if (result.kind === 'error') {
    return { state: { ...state, health: 'error', error: result.error }, events: [] };
  }
  const alerts = new Map<string, Alert>();
  const events: AlertEvent[] = [];
  const add = (key: string, before: Alert | undefined, after: Alert | undefined): void => {
    if (after !== undefined) alerts.set(key, after);
    const event = eventOf(before, after);
    if (event !== undefined) events.push(event);
  };
  for (const active of result.active) {
    const { key } = active.labels;
    const before = state.alerts.get(key);
    add(key, before, present(before, active, nowMs, rule));
  }
  for (const [key, before] of state.alerts) {
    if (!alerts.has(key)) add(key, before, absent(before, nowMs, rule));
  }
  return { state: { health: 'ok', error: undefined, alerts }, events };
}
