import { type Checked, ShapeError, writeNumber } from '../../state/checked.ts';
import type { AlertUpdate } from '../alert-update.ts';
import type { ReceiverState } from './dispatch.ts';
import type { NotificationGroup } from './notification-group.ts';

function saveUpdate(update: AlertUpdate): unknown {
  return { ...update, value: writeNumber(update.value) };
}

function restoreUpdate(saved: Checked): AlertUpdate {
  const rule = saved.get('rule');
  const common = {
    id: saved.get('id').text(),
    name: saved.get('name').text(),
    labels: saved.get('labels').texts(),
    annotations: saved.get('annotations').texts(),
    value: saved.get('value').number(),
    activeAtMs: saved.get('activeAtMs').number(),
    firedAtMs: saved.get('firedAtMs').number(),
    evaluatedAtMs: saved.get('evaluatedAtMs').number(),
    rule: {
      expr: rule.get('expr').text(),
      forMs: rule.get('forMs').number(),
      where: rule.get('where').text(),
    },
  };
  const kind = saved.get('kind').text();
  if (kind === 'firing') return { kind, ...common, muted: saved.get('muted').isTrue };
  if (kind === 'resolved') return { kind, ...common, resolvedAtMs: saved.get('resolvedAtMs').number() };
  throw new ShapeError(`expected firing or resolved, got ${JSON.stringify(kind)}`);
}

function saveGroup(group: NotificationGroup): unknown {
  const { alerts, notified, overdue, ...rest } = group;
  return {
    ...rest,
    alerts: [...alerts.values()].map(saveUpdate),
    notified: [...notified],
    overdue: [...overdue],
  };
}

function restoreGroup(saved: Checked): NotificationGroup {
  // State files of version 0.1 have the older names.
  const named = (name: string, older: string): Checked =>
    saved.get(name).isAbsent ? saved.get(older) : saved.get(name);
  const ids = (list: Checked): Set<string> => new Set(list.list().map((id) => id.text()));
  const alerts = saved.get('alerts').list().map(restoreUpdate);
  return {
    key: saved.get('key').text(),
    alerts: new Map(alerts.map((alert) => [alert.id, alert])),
    notified: ids(named('notified', 'told')),
    overdue: ids(named('overdue', 'owed')),
    lastSentMs: named('lastSentMs', 'lastToldMs').optionalNumber(),
    dueMs: saved.get('dueMs').optionalNumber(),
    failures: saved.get('failures').number(),
    notBeforeMs: saved.get('notBeforeMs').number(),
  };
}

/** The state of one receiver as the state file holds it. */
export function saveReceiver(state: ReceiverState): unknown {
  const { groups, ...rest } = state;
  return { ...rest, groups: [...groups.values()].map(saveGroup) };
}

/**
 * Reads back what `saveReceiver` wrote; throws a `ShapeError` for anything else. What was being delivered when the
 * process ended is due again. The backoff is not taken over: a new process tries at once.
 */
export function restoreReceiver(saved: Checked): ReceiverState {
  const groups = saved.get('groups').list().map(restoreGroup);
  return {
    groups: new Map(groups.map((group) => [group.key, group])),
    tokens: saved.get('tokens').number(),
    tokensAtMs: saved.get('tokensAtMs').number(),
    backoff: undefined,
  };
}
