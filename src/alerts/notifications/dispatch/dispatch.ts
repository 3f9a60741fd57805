import type { AlertUpdate } from '../alert-update.ts';
import {
  apply,
  contentOf,
  delivered,
  emptyGroup,
  type NotificationGroup,
  quieted,
  ripen,
  schedule,
} from './notification-group.ts';
import { hashOf, messageId, type NotificationMessage } from '../notification-message.ts';
import { type NotifyPolicy, retryDelayMs } from './notify-policy.ts';

/** Why nothing can be delivered to a receiver at the moment. */
export interface Backoff {
  readonly failures: number;
  readonly untilMs: number;
  readonly error: string;
}

/** Everything that is known about the notifications of one receiver. Immutable; kept in the state file. */
export interface ReceiverState {
  readonly groups: ReadonlyMap<string, NotificationGroup>;
  /** Notifications that may still go out at once, counted at `tokensAtMs`. */
  readonly tokens: number;
  readonly tokensAtMs: number;
  readonly backoff: Backoff | undefined;
}

/** How an attempt to deliver went; a failure concerns the receiver as a whole or this message alone. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'failed';
      readonly scope: 'receiver' | 'message';
      readonly permanent: boolean;
      readonly error: string;
    };

export interface NextSend {
  readonly state: ReceiverState;
  /** What to deliver now; undefined: nothing. */
  readonly message: NotificationMessage | undefined;
}

export function initialReceiverState(nowMs: number, policy: NotifyPolicy): ReceiverState {
  return { groups: new Map(), tokens: policy.burst, tokensAtMs: nowMs, backoff: undefined };
}

function groupKey(update: AlertUpdate, groupBy: readonly string[]): string {
  if (groupBy.includes('...')) return update.id;
  return JSON.stringify(
    groupBy.map((name) => [name, name === 'alertname' ? update.name : (update.labels[name] ?? '')]),
  );
}

function tokensAt(state: ReceiverState, nowMs: number, policy: NotifyPolicy): number {
  const gained = Math.max(0, nowMs - state.tokensAtMs) / policy.refillMs;
  // Rounded, so that what was gained in many small parts adds up to a whole one.
  return Math.min(policy.burst, Math.round((state.tokens + gained) * 1e6) / 1e6);
}

/** After a clock that was set back nothing may wait for a time that lies too far ahead. */
function withinClock(group: NotificationGroup, nowMs: number, policy: NotifyPolicy): NotificationGroup {
  const { lastSentMs, dueMs, notBeforeMs } = group;
  if ((lastSentMs ?? 0) <= nowMs && (dueMs ?? 0) <= nowMs + policy.repeatMs) return group;
  return {
    ...group,
    lastSentMs: lastSentMs === undefined ? undefined : Math.min(lastSentMs, nowMs),
    dueMs: dueMs === undefined ? undefined : Math.min(dueMs, nowMs + policy.groupIntervalMs),
    notBeforeMs: Math.min(notBeforeMs, nowMs),
  };
}

/** Takes in the alerts after an evaluation. Pure; the same updates twice change nothing. */
export function receive(
  state: ReceiverState,
  updates: readonly AlertUpdate[],
  nowMs: number,
  policy: NotifyPolicy,
): ReceiverState {
  const groups = new Map(state.groups);
  for (const [key, group] of groups) groups.set(key, ripen(withinClock(group, nowMs, policy), nowMs));
  const changed = new Map<string, Map<string, AlertUpdate>>();
  for (const update of updates) {
    const key = groupKey(update, policy.groupBy);
    let alerts = changed.get(key);
    if (alerts === undefined) {
      alerts = new Map(groups.get(key)?.alerts);
      changed.set(key, alerts);
    }
    apply(alerts, update);
  }
  for (const [key, alerts] of changed) {
    const known = groups.get(key);
    if (known === undefined && alerts.size === 0) continue;
    groups.set(key, schedule({ ...(known ?? emptyGroup(key)), alerts }, nowMs, policy));
  }
  return { ...state, groups };
}

function overNow(alert: AlertUpdate, nowMs: number): AlertUpdate {
  return alert.kind === 'firing' ? { ...alert, kind: 'resolved', resolvedAtMs: nowMs } : alert;
}

/**
 * A saved state under the present rules and settings: alerts that no longer exist are over, alerts that the receiver
 * no longer takes are forgotten, and the groups are those of the present policy. Without this an alert of a rule that
 * was removed while nothing ran would be reported as firing for ever.
 */
export function reconcile(
  state: ReceiverState,
  stillFires: (id: string) => boolean,
  accepts: (alert: AlertUpdate) => boolean,
  nowMs: number,
  policy: NotifyPolicy,
): ReceiverState {
  const groups = new Map<string, NotificationGroup>();
  for (const old of state.groups.values()) {
    // The last notification counts for the interval of the group also when nothing of it is left.
    if (old.alerts.size === 0) groups.set(old.key, old);
    for (const [key, alerts] of Map.groupBy(old.alerts.values(), (one) => groupKey(one, policy.groupBy))) {
      const taken = alerts
        .filter(accepts)
        .map((alert) => (stillFires(alert.id) ? alert : overNow(alert, nowMs)));
      if (taken.length === 0) continue;
      const known = groups.get(key) ?? {
        ...old,
        key,
        alerts: new Map(),
        notified: new Set(),
        overdue: new Set(),
      };
      const ids = taken.map(({ id }) => id);
      groups.set(key, {
        ...known,
        alerts: new Map([...known.alerts, ...taken.map((alert) => [alert.id, alert] as const)]),
        notified: new Set([...known.notified, ...ids.filter((id) => old.notified.has(id))]),
        overdue: new Set([...known.overdue, ...ids.filter((id) => old.overdue.has(id))]),
      });
    }
  }
  for (const [key, group] of groups) groups.set(key, schedule(group, nowMs, policy));
  return { ...state, groups };
}

interface Ready {
  readonly group: NotificationGroup;
  readonly message: Omit<NotificationMessage, 'id'>;
}

function readyGroups(groups: Map<string, NotificationGroup>, nowMs: number, policy: NotifyPolicy): Ready[] {
  const ready: Ready[] = [];
  for (const [key, waiting] of groups) {
    const group = ripen(waiting, nowMs);
    const { dueMs } = group;
    if (dueMs === undefined || dueMs > nowMs || group.notBeforeMs > nowMs) continue;
    const content = contentOf(group, nowMs, policy);
    if (content === undefined) {
      const next = quieted(group, nowMs, policy);
      if (next === undefined) groups.delete(key);
      else groups.set(key, next);
      continue;
    }
    groups.set(key, group);
    ready.push({ group, message: { ...content, groupKeys: [key], thread: hashOf(key), dueMs } });
  }
  return ready.sort((a, b) => a.message.dueMs - b.message.dueMs);
}

function together(ready: readonly Ready[]): Omit<NotificationMessage, 'id'> {
  const messages = ready.map(({ message }) => message);
  const [first] = messages;
  return {
    reason: messages.find(({ reason }) => reason === 'new')?.reason ?? first!.reason,
    thread: messages.length === 1 ? first!.thread : hashOf('digest', first!.dueMs),
    groupKeys: messages.flatMap(({ groupKeys }) => groupKeys),
    firing: messages.flatMap(({ firing }) => firing),
    resolved: messages.flatMap(({ resolved }) => resolved),
    dueMs: first!.dueMs,
  };
}

/**
 * Chooses what to deliver now. One group a message, until the last message that the rate limit allows: this one takes
 * all groups that are due, so that nothing is dropped. The caller delivers and reports back through `settle`.
 */
export function nextSend(state: ReceiverState, nowMs: number, policy: NotifyPolicy): NextSend {
  const groups = new Map(state.groups);
  const ready = readyGroups(groups, nowMs, policy);
  const tokens = tokensAt(state, nowMs, policy);
  const next = { ...state, groups, tokens, tokensAtMs: nowMs };
  const blocked = state.backoff !== undefined && nowMs < state.backoff.untilMs;
  if (blocked || ready.length === 0 || tokens < 1) return { state: next, message: undefined };
  const chosen = Math.floor(tokens) === 1 ? ready : ready.slice(0, 1);
  const message = together(chosen);
  const id = messageId(message, chosen[0]!.group.lastSentMs);
  return { state: next, message: { ...message, id } };
}

/** Takes in how the delivery of a message went. Pure. */
export function settle(
  state: ReceiverState,
  message: NotificationMessage,
  outcome: Outcome,
  nowMs: number,
  policy: NotifyPolicy,
): ReceiverState {
  const groups = new Map(state.groups);
  if (outcome.kind === 'delivered') {
    for (const key of message.groupKeys) {
      const group = groups.get(key);
      if (group !== undefined) groups.set(key, delivered(group, message, nowMs, policy));
    }
    const tokens = Math.max(0, tokensAt(state, nowMs, policy) - 1);
    return { groups, tokens, tokensAtMs: nowMs, backoff: undefined };
  }
  const { permanent, error } = outcome;
  if (outcome.scope === 'receiver') {
    const failures = (state.backoff?.failures ?? 0) + 1;
    return { ...state, backoff: { failures, untilMs: nowMs + retryDelayMs(failures, permanent), error } };
  }
  for (const key of message.groupKeys) {
    const group = groups.get(key);
    if (group === undefined) continue;
    const failures = group.failures + 1;
    groups.set(key, { ...group, failures, notBeforeMs: nowMs + retryDelayMs(failures, permanent) });
  }
  // The server answered, so whatever kept it away before is over.
  return { ...state, groups, backoff: undefined };
}

/** When `nextSend` has something to do next, Unix milliseconds; undefined: not before the next update. */
export function nextDueMs(state: ReceiverState, policy: NotifyPolicy): number | undefined {
  let earliestMs: number | undefined;
  for (const { dueMs, notBeforeMs } of state.groups.values()) {
    if (dueMs === undefined) continue;
    const atMs = Math.max(dueMs, notBeforeMs);
    if (earliestMs === undefined || atMs < earliestMs) earliestMs = atMs;
  }
  if (earliestMs === undefined) return undefined;
  const tokenMs = state.tokens >= 1 ? 0 : state.tokensAtMs + (1 - state.tokens) * policy.refillMs;
  return Math.ceil(Math.max(earliestMs, tokenMs, state.backoff?.untilMs ?? 0));
}
