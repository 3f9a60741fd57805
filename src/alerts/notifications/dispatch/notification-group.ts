import type { AlertUpdate } from '../alert-update.ts';
import type { NotifyReason } from '../notification-message.ts';
import type { NotifyPolicy } from './notify-policy.ts';

/** Alerts that are told together, and what the receiver knows of them. */
export interface NotificationGroup {
  readonly key: string;
  readonly alerts: ReadonlyMap<string, AlertUpdate>;
  /** Alerts that the receiver knows as firing. */
  readonly told: ReadonlySet<string>;
  /** Alerts that were due to be told while they fired, and are not told yet: they are told even when they end first. */
  readonly owed: ReadonlySet<string>;
  /** When something was last delivered. */
  readonly lastToldMs: number | undefined;
  /** When to look whether there is something to tell; undefined: nothing is going on. */
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
    told: new Set<string>(),
    owed: new Set<string>(),
    lastToldMs: undefined,
    dueMs: undefined,
  };
  return { key, alerts: new Map(), ...nothing, failures: 0, notBeforeMs: 0 };
}

const isTold = (alert: AlertUpdate): boolean => alert.kind === 'firing' && alert.muted !== true;

const untold = (group: NotificationGroup): AlertUpdate[] =>
  [...group.alerts.values()].filter((alert) => isTold(alert) && !group.told.has(alert.id));

/** What there is to tell now; undefined: nothing (Alertmanager, notify, needsUpdate). */
export function contentOf(
  group: NotificationGroup,
  nowMs: number,
  policy: NotifyPolicy,
): GroupContent | undefined {
  const all = [...group.alerts.values()];
  const firing = all.filter(isTold);
  // The end of what was told is told, also when it is muted by then: somebody waits for it.
  const resolved = all.filter(
    ({ kind, id }) =>
      kind === 'resolved' && (group.owed.has(id) || (policy.sendResolved && group.told.has(id))),
  );
  if (untold(group).length > 0) return { reason: 'new', firing, resolved };
  if (resolved.length > 0) return { reason: 'resolved', firing, resolved };
  const { lastToldMs } = group;
  const repeats = firing.length > 0 && lastToldMs !== undefined && nowMs - lastToldMs >= policy.repeatMs;
  return repeats ? { reason: 'repeat', firing, resolved } : undefined;
}

/** Sets when to look at the group next, never later than was already set. */
export function schedule(group: NotificationGroup, nowMs: number, policy: NotifyPolicy): NotificationGroup {
  const { lastToldMs } = group;
  const changed = (contentOf(group, Number.NEGATIVE_INFINITY, policy)?.reason ?? 'repeat') !== 'repeat';
  const candidates: number[] = group.dueMs === undefined ? [] : [group.dueMs];
  if (changed) {
    const earliestMs = lastToldMs === undefined ? nowMs : lastToldMs + policy.groupIntervalMs;
    candidates.push(Math.max(nowMs + policy.groupWaitMs, earliestMs));
  } else if (lastToldMs !== undefined) {
    const someFire = [...group.alerts.values()].some(({ kind }) => kind === 'firing');
    // A group that is over is kept for one interval, so that an alert that flaps does not count as new each time.
    candidates.push(lastToldMs + (someFire ? policy.repeatMs : policy.groupIntervalMs));
  }
  return { ...group, dueMs: candidates.length > 0 ? Math.min(...candidates) : undefined };
}

/** Notes what is owed once a group is due, whether or not it can be delivered now. */
export function ripen(group: NotificationGroup, nowMs: number): NotificationGroup {
  if (group.dueMs === undefined || group.dueMs > nowMs) return group;
  const late = untold(group).filter(({ id }) => !group.owed.has(id));
  return late.length === 0
    ? group
    : { ...group, owed: new Set([...group.owed, ...late.map(({ id }) => id)]) };
}

/** Takes in how an alert stands. The end of an alert that the group does not know as firing changes nothing. */
export function apply(alerts: Map<string, AlertUpdate>, update: AlertUpdate): void {
  if (update.kind === 'firing' || alerts.get(update.id)?.kind === 'firing') alerts.set(update.id, update);
}

/** The group after nothing was to be told: what ended untold is forgotten. */
export function quieted(
  group: NotificationGroup,
  nowMs: number,
  policy: NotifyPolicy,
): NotificationGroup | undefined {
  const alerts = new Map([...group.alerts].filter(([, { kind }]) => kind === 'firing'));
  const over = group.lastToldMs === undefined || nowMs - group.lastToldMs >= policy.groupIntervalMs;
  if (alerts.size === 0 && over) return undefined;
  const told = new Set([...group.told].filter((id) => alerts.has(id)));
  return schedule({ ...group, alerts, told, dueMs: undefined }, nowMs, policy);
}

/** The group after its content was delivered. Alerts may have changed since the content was put together. */
export function delivered(
  group: NotificationGroup,
  content: { readonly firing: readonly AlertUpdate[]; readonly resolved: readonly AlertUpdate[] },
  nowMs: number,
  policy: NotifyPolicy,
): NotificationGroup {
  const alerts = new Map(group.alerts);
  const told = new Set(group.told);
  const owed = new Set(group.owed);
  for (const { id } of content.firing) {
    if (!alerts.has(id)) continue;
    told.add(id);
    owed.delete(id);
  }
  for (const { id } of content.resolved) {
    told.delete(id);
    owed.delete(id);
    if (alerts.get(id)?.kind === 'resolved') alerts.delete(id);
  }
  const next = {
    ...group,
    alerts,
    told,
    owed,
    lastToldMs: nowMs,
    dueMs: undefined,
    failures: 0,
    notBeforeMs: 0,
  };
  return schedule(next, nowMs, policy);
}
