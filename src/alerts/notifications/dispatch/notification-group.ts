import type { AlertUpdate } from '../alert-update.ts';
import type { NotifyReason } from '../notification-message.ts';
import type { NotifyPolicy } from './notify-policy.ts';

/** Alerts that share notifications, and what the receiver knows of them. */
export interface NotificationGroup {
  readonly key: string;
  readonly alerts: ReadonlyMap<string, AlertUpdate>;
  /** Alerts that the receiver knows as firing. */
  readonly notified: ReadonlySet<string>;
  /** Alerts whose notification was due while they fired and is not sent yet: it is sent even when they end first. */
  readonly overdue: ReadonlySet<string>;
  /** When something was last delivered. */
  readonly lastSentMs: number | undefined;
  /** When to look whether a notification is due; undefined: nothing is going on. */
  readonly dueMs: number | undefined;
  /** Failed attempts to deliver this group alone, and when to try again. */
  readonly failures: number;
  readonly notBeforeMs: number;
}

export interface GroupContent {
  readonly reason: NotifyReason;
  readonly firing: readonly AlertUpdate[];
  readonly resolved: readonly AlertUpdate[];
}

export function emptyGroup(key: string): NotificationGroup {
  const nothing = {
    notified: new Set<string>(),
    overdue: new Set<string>(),
    lastSentMs: undefined,
    dueMs: undefined,
  };
  return { key, alerts: new Map(), ...nothing, failures: 0, notBeforeMs: 0 };
}

const isUnmuted = (alert: AlertUpdate): boolean => alert.kind === 'firing' && alert.muted !== true;

const unsent = (group: NotificationGroup): AlertUpdate[] =>
  [...group.alerts.values()].filter((alert) => isUnmuted(alert) && !group.notified.has(alert.id));

/** What to send now; undefined: nothing (Alertmanager, notify, needsUpdate). */
export function contentOf(
  group: NotificationGroup,
  nowMs: number,
  policy: NotifyPolicy,
): GroupContent | undefined {
  const all = [...group.alerts.values()];
  const firing = all.filter(isUnmuted);
  // The end of an alert that was sent is sent, also when it is muted by then: somebody waits for it.
  const resolved = all.filter(
    ({ kind, id }) =>
      kind === 'resolved' && (group.overdue.has(id) || (policy.sendResolved && group.notified.has(id))),
  );
  if (unsent(group).length > 0) return { reason: 'new', firing, resolved };
  if (resolved.length > 0) return { reason: 'resolved', firing, resolved };
  const { lastSentMs } = group;
  const repeats = firing.length > 0 && lastSentMs !== undefined && nowMs - lastSentMs >= policy.repeatMs;
  return repeats ? { reason: 'repeat', firing, resolved } : undefined;
}

/** Sets when to look at the group next, never later than was already set. */
export function schedule(group: NotificationGroup, nowMs: number, policy: NotifyPolicy): NotificationGroup {
  const { lastSentMs } = group;
  const changed = (contentOf(group, Number.NEGATIVE_INFINITY, policy)?.reason ?? 'repeat') !== 'repeat';
  const candidates: number[] = group.dueMs === undefined ? [] : [group.dueMs];
  if (changed) {
    const earliestMs = lastSentMs === undefined ? nowMs : lastSentMs + policy.groupIntervalMs;
    candidates.push(Math.max(nowMs + policy.groupWaitMs, earliestMs));
  } else if (lastSentMs !== undefined) {
    const someFire = [...group.alerts.values()].some(({ kind }) => kind === 'firing');
    // A group that is over is kept for one interval, so that an alert that flaps does not count as new each time.
    candidates.push(lastSentMs + (someFire ? policy.repeatMs : policy.groupIntervalMs));
  }
  return { ...group, dueMs: candidates.length > 0 ? Math.min(...candidates) : undefined };
}

/** Notes what is overdue once a group is due, whether or not it can be delivered now. */
export function ripen(group: NotificationGroup, nowMs: number): NotificationGroup {
  if (group.dueMs === undefined || group.dueMs > nowMs) return group;
  const late = unsent(group).filter(({ id }) => !group.overdue.has(id));
  return late.length === 0
    ? group
    : { ...group, overdue: new Set([...group.overdue, ...late.map(({ id }) => id)]) };
}

/** Takes in the state of an alert. The end of an alert that the group does not know as firing changes nothing. */
export function apply(alerts: Map<string, AlertUpdate>, update: AlertUpdate): void {
  if (update.kind === 'firing' || alerts.get(update.id)?.kind === 'firing') alerts.set(update.id, update);
}

/** The group when there was nothing to send: what ended unsent is forgotten. */
export function quieted(
  group: NotificationGroup,
  nowMs: number,
  policy: NotifyPolicy,
): NotificationGroup | undefined {
  const alerts = new Map([...group.alerts].filter(([, { kind }]) => kind === 'firing'));
  const over = group.lastSentMs === undefined || nowMs - group.lastSentMs >= policy.groupIntervalMs;
  if (alerts.size === 0 && over) return undefined;
  const notified = new Set([...group.notified].filter((id) => alerts.has(id)));
  return schedule({ ...group, alerts, notified, dueMs: undefined }, nowMs, policy);
}

/** The group after its content was delivered. Alerts may have changed since the content was put together. */
export function delivered(
  group: NotificationGroup,
  content: { readonly firing: readonly AlertUpdate[]; readonly resolved: readonly AlertUpdate[] },
  nowMs: number,
  policy: NotifyPolicy,
): NotificationGroup {
  const alerts = new Map(group.alerts);
  const notified = new Set(group.notified);
  const overdue = new Set(group.overdue);
  for (const { id } of content.firing) {
    if (!alerts.has(id)) continue;
    notified.add(id);
    overdue.delete(id);
  }
  for (const { id } of content.resolved) {
    notified.delete(id);
    overdue.delete(id);
    if (alerts.get(id)?.kind === 'resolved') alerts.delete(id);
  }
  const next = {
    ...group,
    alerts,
    notified,
    overdue,
    lastSentMs: nowMs,
    dueMs: undefined,
    failures: 0,
    notBeforeMs: 0,
  };
  return schedule(next, nowMs, policy);
}
