import type { Checked } from './checked.ts';
import { ShapeError, writeNumber } from './checked.ts';
import { Labels } from '../../samples/labels.ts';
import type { Alert } from '../rules/alert.ts';

/** An alert as the state file holds it. */
export function saveAlert(alert: Alert): Readonly<Record<string, unknown>> {
  const { labels, value, ...rest } = alert;
  return { ...rest, labels: labels.toRecord(), value: writeNumber(value) };
}

/**
 * Reads back what `saveAlert` wrote; throws a `ShapeError` for anything else. `downMs` is how long nothing was
 * evaluated: the time does not count towards the duration of a pending alert (Prometheus, rules/manager.go, restore).
 */
export function restoreAlert(saved: Checked, downMs: number): Alert {
  const common = {
    labels: Labels.from(saved.get('labels').texts()),
    annotations: saved.get('annotations').texts(),
    value: saved.get('value').number(),
    activeAtMs: saved.get('activeAtMs').number(),
  };
  const kind = saved.get('kind').text();
  switch (kind) {
    case 'pending':
      return { kind, ...common, activeAtMs: common.activeAtMs + downMs };
    case 'firing': {
      const firedAtMs = saved.get('firedAtMs').number();
      return { kind, ...common, firedAtMs, keptSinceMs: saved.get('keptSinceMs').optionalNumber() };
    }
    case 'resolved': {
      const firedAtMs = saved.get('firedAtMs').number();
      return { kind, ...common, firedAtMs, resolvedAtMs: saved.get('resolvedAtMs').number() };
    }
    default:
      throw new ShapeError(`expected pending, firing or resolved, got ${JSON.stringify(kind)}`);
  }
}
