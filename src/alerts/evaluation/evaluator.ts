import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { OwnLog } from '../../own-log/own-log.ts';
import { logOutcomes } from './alert-log.ts';
import { endedUpdates, updatesOf } from './alert-updates.ts';
import { EvaluationCycle } from './evaluation-cycle.ts';
import { type EvaluatorReadings, type EvaluatorStatus, groupStatus } from './evaluator-status.ts';
import type { Notifier } from '../notifications/notifier.ts';
import { ProgramRules } from '../program-rules.ts';
import type { RemoteRules } from '../remote/remote-rules.ts';
import type { AlertRule } from '../rules/alert-rule.ts';
import { formatDurationMs } from '../../promql/syntax/durations.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { RuleSet } from './rule-set.ts';
import type { SampleStore } from '../../samples/sample-store.ts';
import type { StateFile } from '../state/state-file.ts';
import { StateKeeper } from '../state/state-keeper.ts';
import { WakeTimer } from './wake-timer.ts';

export interface EvaluatorOptions {
  /** The loaded groups, those of the default rules among them. */
  readonly groups: readonly RuleGroup[];
  readonly store: SampleStore;
  /** One collection of the evaluator's own `MetricReader`. */
  readonly collect: () => Promise<ResourceMetrics>;
  readonly notifier: Notifier;
  readonly ownLog: OwnLog;
  /** Time between two collections, and between two evaluations of groups that name no interval. */
  readonly intervalMs: number;
  /** Samples are kept for as long as the rules look back, but no longer than this. */
  readonly maxRangeMs: number;
  /** Where alerts and notifications survive a restart; not given: they do not. */
  readonly stateFile?: StateFile | undefined;
  /** Counters count from their start timestamps, so that the first increment of a new series counts; default true. */
  readonly useStartTimestamps?: boolean;
  /** When given, a server evaluates the expressions; the store then only has what is collected and the alerts. */
  readonly remote?: RemoteRules | undefined;
  /** What templates see as `$externalLabels`. */
  readonly externalLabels?: Readonly<Record<string, string>>;
  /** What templates see as `externalURL`; asked at each evaluation, since it may become known later. */
  readonly externalUrl?: () => string;
  readonly now?: () => number;
  /** A clock that only goes forward, for durations. */
  readonly monotonicMs?: () => number;
}

/** A series of `ALERTS` now. */
export interface AlertSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: 1;
}

/** Evaluates alert rules over the metrics of the service and sends notifications. */
export interface Evaluator {
  /** Evaluates at every slot until `stop`. The timer keeps no process alive. */
  start(): void;
  /**
   * Restores the saved state the first time; collects and evaluates what is due, hands the result to the notifier,
   * saves. Never rejects; a call while another runs gets the promise of that one.
   */
  runOnce(nowMs: number): Promise<void>;
  /** Replaces the rules; the alerts of rules that stay go on, those of rules that go are resolved. */
  setGroups(groups: readonly RuleGroup[]): void;
  /** Adds a rule of the program; throws a `MonitoringError` (MON_RULE) when it is malformed. */
  addRule(rule: AlertRule): void;
  status(): EvaluatorStatus;
  readings(): EvaluatorReadings;
  /** Pending and firing alerts in the form of the series `ALERTS`. */
  alertSeries(): readonly AlertSeries[];
  /** Stops the timer and the notifier, and saves once more. */
  stop(): void;
}

/** Kept of every metric, whatever the rules: what people ask about shortly after it happened. */
const COMMON_MS = 900_000; // 15 minutes
/** What a server has that evaluates the rules. */
const ANY_METRIC = { hasMetric: () => true };

class AlertEvaluator implements Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #now: () => number;
  readonly #cycle: EvaluationCycle;
  readonly #keeper: StateKeeper;
  readonly #timer: WakeTimer;
  readonly #program = new ProgramRules();
  #loaded: readonly RuleGroup[];
  #rules: RuleSet;
  #running: Promise<void> | undefined;
  #started = false;
  #restored = false;
  #lastRunMs: number | undefined;

  constructor(options: EvaluatorOptions) {
    const {
      store,
      collect,
      ownLog,
      intervalMs,
      externalLabels = {},
      externalUrl = (): string => '',
    } = options;
    const { now = Date.now, monotonicMs = (): number => performance.now() } = options;
    this.#options = options;
    this.#now = now;
    this.#cycle = new EvaluationCycle({
      store,
      collect,
      ownLog,
      intervalMs,
      externalLabels,
      externalUrl,
      now,
      monotonicMs,
      useStartTimestamps: options.useStartTimestamps,
      remote: options.remote,
    });
    this.#keeper = new StateKeeper(options.stateFile, ownLog);
    this.#timer = new WakeTimer(now, () => void this.runOnce(now()).then(() => this.#schedule()));
    this.#loaded = options.groups;
    this.#rules = new RuleSet(options.groups, intervalMs);
    this.#sizeStore();
    options.notifier.onChange(() => {
      this.#keeper.save(this.#rules, options.notifier, now());
      this.#schedule();
    });
  }

  start(): void {
    const nowMs = this.#now();
    this.#started = true;
    this.#restore(nowMs);
    this.#cycle.begin(this.#rules, nowMs);
    this.#schedule();
  }

  runOnce(nowMs: number): Promise<void> {
    this.#running ??= this.#run(nowMs).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  setGroups(groups: readonly RuleGroup[]): void {
    this.#loaded = groups;
    this.#replaceRules();
  }

  addRule(rule: AlertRule): void {
    this.#program.add(rule);
    this.#replaceRules();
  }

  status(): EvaluatorStatus {
    const { store, notifier, remote } = this.#options;
    const known = remote === undefined ? store : ANY_METRIC;
    return {
      lastRunMs: this.#lastRunMs,
      warmUntilMs: this.#cycle.warmUntilMs,
      collectFailures: this.#cycle.collectFailures,
      ruleFailures: this.#cycle.ruleFailures,
      groups: this.#rules.groups.map((group) => groupStatus(group, known)),
      store: store.stats(),
      channels: notifier.status(),
    };
  }

  readings(): EvaluatorReadings {
    const { store, notifier } = this.#options;
    return {
      ruleFailures: this.#cycle.ruleFailures,
      missed: this.#rules.groups.map(({ group, missed }) => ({ group: group.name, count: missed })),
      store: store.stats(),
      channels: notifier.status(),
    };
  }

  alertSeries(): readonly AlertSeries[] {
    return this.#rules
      .alerts()
      .filter(({ alert }) => alert.kind !== 'resolved')
      .map(({ alert }) => ({ labels: { ...alert.labels.toRecord(), alertstate: alert.kind }, value: 1 }));
  }

  stop(): void {
    this.#started = false;
    this.#timer.clear();
    this.#options.remote?.close();
    this.#options.notifier.close();
    if (this.#restored) this.#keeper.save(this.#rules, this.#options.notifier, this.#now());
  }

  async #run(nowMs: number): Promise<void> {
    const { notifier, ownLog, remote } = this.#options;
    try {
      this.#restore(nowMs);
      const outcomes = await this.#cycle.run(this.#rules, nowMs);
      logOutcomes(outcomes, ownLog, remote?.isDown === true);
      notifier.update(
        outcomes.flatMap((outcome) => updatesOf(outcome, nowMs)),
        nowMs,
      );
      const changed = outcomes.some(({ events }) => events.length > 0);
      // Saved before anything is sent: after a crash in between the mail goes out late, not never.
      this.#keeper.saveIfDue(changed, this.#rules, notifier, nowMs);
      notifier.run(nowMs);
      this.#lastRunMs = nowMs;
    } catch (error) {
      ownLog.problem('MON_RULES_COLLECT', {
        where: 'evaluation',
        got: (error as Error).stack ?? String(error),
      });
    }
  }

  #restore(nowMs: number): void {
    if (this.#restored) return;
    this.#restored = true;
    if (this.#keeper.restore(this.#rules, this.#options.notifier, nowMs)) this.#cycle.warmUp(nowMs);
  }

  #replaceRules(): void {
    const nowMs = this.#now();
    const { notifier, intervalMs } = this.#options;
    // What was saved belongs to the rules of the first set as well.
    if (this.#started) this.#restore(nowMs);
    const rules = new RuleSet([...this.#loaded, ...this.#program.groups()], intervalMs);
    const ended = rules.adopt(this.#rules, nowMs);
    this.#rules = rules;
    this.#sizeStore();
    if (ended.length > 0) notifier.update(endedUpdates(ended, nowMs), nowMs);
    if (this.#started) this.#cycle.begin(rules, nowMs);
    this.#schedule();
  }

  #sizeStore(): void {
    const { store, maxRangeMs, intervalMs, ownLog, remote } = this.#options;
    const reaches = remote === undefined ? this.#rules.reaches() : [];
    const wantedMs = Math.max(0, ...reaches.map(({ reachMs }) => reachMs));
    if (wantedMs > maxRangeMs) {
      const [wanted, kept] = [formatDurationMs(wantedMs), formatDurationMs(maxRangeMs)];
      ownLog.warning(
        `alert rules look back ${wanted}, but samples are kept for ${kept} only: older ones are ignored (MONITORING_RULES_MAX_RANGE)`,
      );
    }
    // Two intervals more, so that the sample before the range is there as well.
    const spareMs = 2 * intervalMs;
    const longer = new Map<string, number>();
    let commonMs = COMMON_MS;
    for (const { name, reachMs } of reaches) {
      if (name === '') commonMs = Math.max(commonMs, reachMs);
      else longer.set(name, Math.max(longer.get(name) ?? 0, Math.min(reachMs, maxRangeMs) + spareMs));
    }
    store.setRetentionMs(Math.min(commonMs, maxRangeMs) + spareMs, longer);
  }

  #schedule(): void {
    if (!this.#started) return;
    const times = [this.#cycle.nextMs(this.#rules), this.#options.notifier.nextDueMs()];
    const wanted = times.filter((atMs) => atMs !== undefined);
    this.#timer.set(wanted.length > 0 ? Math.min(...wanted) : undefined);
  }
}

/** Builds the evaluator; nothing happens before `start` or `runOnce`. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  return new AlertEvaluator(options);
}
