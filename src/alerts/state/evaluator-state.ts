import { Checked, ShapeError } from './checked.ts';
import type { Alert } from '../rules/alert.ts';
import { restoreAlert, saveAlert } from './saved-alerts.ts';
import type { RuleSet } from '../evaluation/rule-set.ts';

const VERSION = 1;

/** What the state file holds, read and checked. */
export interface SavedState {
  readonly savedAtMs: number;
  /** Alerts by the id of their rule. */
  readonly rules: ReadonlyMap<string, readonly Alert[]>;
  /** The part of the notifier, which reads it itself. */
  readonly notifier: Checked;
}

/** The state of all rules, with what the notifier adds, as one JSON text. */
export function writeState(rules: RuleSet, notifier: unknown, nowMs: number): string {
  const entries = rules.runners
    .filter((runner) => runner.state.alerts.size > 0)
    .map((runner) => ({ id: runner.id, alerts: [...runner.state.alerts.values()].map(saveAlert) }));
  return JSON.stringify({ version: VERSION, savedAtMs: nowMs, rules: entries, notifier });
}

/** Reads the text of a state file. Throws a `ShapeError` when it is anything but what `writeState` wrote. */
export function readState(text: string, nowMs: number): SavedState {
  const root = Checked.parse(text);
  const version = root.get('version').number();
  if (version !== VERSION) throw new ShapeError(`expected version ${VERSION}, got ${version}`);
  const savedAtMs = root.get('savedAtMs').number();
  const downMs = Math.max(0, nowMs - savedAtMs);
  const rules = new Map(
    root
      .get('rules')
      .list()
      .map((entry) => [
        entry.get('id').text(),
        entry
          .get('alerts')
          .list()
          .map((alert) => restoreAlert(alert, downMs)),
      ]),
  );
  return { savedAtMs, rules, notifier: root.get('notifier') };
}
