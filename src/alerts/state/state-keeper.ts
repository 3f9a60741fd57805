import type { OwnLog } from '../../own-log/own-log.ts';
import { ShapeError } from './checked.ts';
import { readState, type SavedState, writeState } from './evaluator-state.ts';
import type { Notifier } from '../notifications/notifier.ts';
import type { RuleSet } from '../evaluation/rule-set.ts';
import type { StateFile } from './state-file.ts';

/** How often the state is saved while alerts exist and nothing changes: it shows until when rules were evaluated. */
const SAVE_EVERY_MS = 30_000;

/** Keeps alerts and notifications over restarts. Never throws: what goes wrong is logged, and evaluation goes on. */
export class StateKeeper {
  readonly #file: StateFile | undefined;
  readonly #ownLog: OwnLog;
  #savedAtMs = Number.NEGATIVE_INFINITY;

  constructor(file: StateFile | undefined, ownLog: OwnLog) {
    this.#file = file;
    this.#ownLog = ownLog;
  }

  /** Gives rules and notifier the state that was saved last. Answers whether any alert came back. */
  restore(rules: RuleSet, notifier: Notifier, nowMs: number): boolean {
    const saved = this.#load(notifier, nowMs);
    let restored = 0;
    for (const [id, alerts] of saved?.rules ?? []) {
      const byKey = new Map(alerts.map((alert) => [alert.labels.key, alert]));
      const runner = rules.runner(id);
      if (runner?.rule.kind !== 'alerting') continue;
      runner.adopt({ health: 'unknown', error: undefined, alerts: byKey });
      restored += byKey.size;
    }
    if (saved !== undefined) {
      const firing = rules.alerts().filter(({ alert }) => alert.kind === 'firing');
      notifier.reconcile(new Set(firing.map(({ alert }) => alert.labels.key)), nowMs);
    }
    if (restored > 0) this.#ownLog.info(`alerts: ${restored} restored from ${this.#file?.path ?? ''}`);
    return restored > 0;
  }

  /** Saves now. */
  save(rules: RuleSet, notifier: Notifier, nowMs: number): void {
    if (this.#file === undefined) return;
    this.#savedAtMs = nowMs;
    try {
      this.#file.save(writeState(rules, notifier.save(), nowMs));
    } catch (error) {
      const got = (error as Error).message;
      this.#ownLog.problem('MON_ALERT_STATE_WRITE', { where: this.#file.path, got });
    }
  }

  /** Saves when something changed, or when the last time is long ago and there are alerts. */
  saveIfDue(changed: boolean, rules: RuleSet, notifier: Notifier, nowMs: number): void {
    const isOld = Math.abs(nowMs - this.#savedAtMs) >= SAVE_EVERY_MS;
    const hasAlerts = rules.runners.some(({ state }) => state.alerts.size > 0);
    if (changed || (isOld && hasAlerts)) this.save(rules, notifier, nowMs);
  }

  #load(notifier: Notifier, nowMs: number): SavedState | undefined {
    if (this.#file === undefined) return undefined;
    try {
      const text = this.#file.load();
      if (text === undefined) return undefined;
      const saved = readState(text, nowMs);
      notifier.restore(saved.notifier);
      return saved;
    } catch (error) {
      this.#ownLog.problem('MON_ALERT_STATE', {
        where: this.#file.path,
        got: (error as Error).message,
        next: error instanceof ShapeError ? this.#setAside(this.#file) : 'starting with empty state',
      });
      return undefined;
    }
  }

  #setAside(file: StateFile): string {
    try {
      return `starting with empty state; the file is kept as ${file.setAside()}`;
    } catch (error) {
      return `starting with empty state; the file could not be kept: ${(error as Error).message}`;
    }
  }
}
