import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { OwnLog } from '../../own-log/own-log.ts';
import { withDeadline } from '../../time/deadline.ts';
import { appendCollection } from './collection.ts';
import type { RemoteRules } from '../remote/remote-rules.ts';
import type { ExprAnswers } from './evaluate-rule.ts';
import { type GroupRun, type GroupRunner, type RuleOutcome, slotOf } from './group-runner.ts';
import type { RuleSet } from './rule-set.ts';
import type { SampleStore } from '../../samples/sample-store.ts';

export interface CycleOptions {
  readonly store: SampleStore;
  readonly collect: () => Promise<ResourceMetrics>;
  readonly ownLog: OwnLog;
  readonly intervalMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: () => string;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  /** Counters count from their start timestamps; default true. */
  readonly useStartTimestamps?: boolean | undefined;
  /** When given, expressions are evaluated there. */
  readonly remote?: RemoteRules | undefined;
}

const COLLECT_DEADLINE_MS = 10_000;
/** For all questions to a remote server together; less where a group is due again before. */
const REMOTE_DEADLINE_MS = 10_000;
/** A clock that shows less than the last slot by more than this was set back. */
const CLOCK_TOLERANCE_MS = 1000;

/** The metrics that the rules of some groups select; undefined: one selects without a name, so that all are wanted. */
function metricsOf(groups: readonly GroupRunner[]): ReadonlySet<string> | undefined {
  const names = groups.flatMap(({ runners }) => runners.flatMap(({ wanted }) => wanted));
  return names.includes('') ? undefined : new Set(names);
}

/**
 * Collecting and evaluating, at whole multiples of the intervals. All groups that are due at one time share one
 * collection and are evaluated at the time at which it was there. Prometheus evaluates at the slot; here that would
 * be before the newest samples, and before the start of counters that have just begun. What a remote server evaluates
 * is evaluated at the slot.
 */
export class EvaluationCycle {
  readonly #options: CycleOptions;
  #lastCollectMs: number | undefined;
  #warmFromMs: number | undefined;
  #collectFailures = 0;
  #ruleFailures = 0;

  constructor(options: CycleOptions) {
    this.#options = options;
  }

  get collectFailures(): number {
    return this.#collectFailures;
  }

  get ruleFailures(): number {
    return this.#ruleFailures;
  }

  /** Until the end of the warm-up nothing is resolved: the store has to fill first. */
  get warmUntilMs(): number | undefined {
    return this.#warmFromMs === undefined ? undefined : this.#warmFromMs + 2 * this.#options.intervalMs;
  }

  warmUp(nowMs: number): void {
    this.#warmFromMs = nowMs;
  }

  /** Waits for the next slots instead of taking the present ones for due. */
  begin(rules: RuleSet, nowMs: number): void {
    this.#lastCollectMs ??= slotOf(nowMs, this.#options.intervalMs);
    for (const group of rules.groups) {
      if (group.lastSlotMs === undefined) group.setLastSlot(slotOf(nowMs, group.intervalMs));
    }
  }

  /** When something is due next, Unix milliseconds; undefined: without rules never. */
  nextMs(rules: RuleSet): number | undefined {
    if (rules.groups.length === 0) return undefined;
    const collectMs = (this.#lastCollectMs ?? 0) + this.#options.intervalMs;
    return Math.min(
      collectMs,
      ...rules.groups.map(({ lastSlotMs, intervalMs }) => (lastSlotMs ?? 0) + intervalMs),
    );
  }

  /** Collects and evaluates what is due. Answers what the evaluated rules did. Never rejects. */
  async run(rules: RuleSet, nowMs: number): Promise<readonly RuleOutcome[]> {
    if (rules.groups.length === 0) return [];
    this.#checkClock(rules, nowMs);
    const due = rules.groups.filter((group) => group.due(nowMs) !== undefined);
    const collectMs = slotOf(nowMs, this.#options.intervalMs);
    const collectIsDue = this.#lastCollectMs === undefined || collectMs > this.#lastCollectMs;
    if (due.length === 0 && !collectIsDue) return [];
    if (collectIsDue) this.#lastCollectMs = collectMs;
    const atMs = await this.#collect(collectIsDue ? undefined : metricsOf(due));
    const slots = due.map((group) => ({ group, slotMs: group.due(nowMs) ?? nowMs }));
    const answers = await this.#askRemote(slots);
    return slots.flatMap(({ group, slotMs }, i) => {
      return answers === undefined
        ? this.#evaluate(group, slotMs, atMs)
        : this.#evaluate(group, slotMs, slotMs, answers[i]);
    });
  }

  #context(): GroupRun['context'] {
    const { store, externalLabels, externalUrl, useStartTimestamps = true } = this.#options;
    return { queryable: store, externalLabels, externalUrl: externalUrl(), useStartTimestamps };
  }

  /** The remote server's answers to the rules of these groups, in their order; undefined without one. */
  #askRemote(
    slots: readonly { readonly group: GroupRunner; readonly slotMs: number }[],
  ): Promise<readonly ExprAnswers[]> | undefined {
    const { remote } = this.#options;
    if (remote === undefined) return undefined;
    const groups = slots.map(({ group, slotMs }) => ({
      rules: group.group.rules,
      slotMs,
      queryMs: slotMs - group.group.queryOffsetMs,
      context: { ...this.#context(), subqueryStepMs: group.intervalMs, limit: group.group.limit },
    }));
    return remote.ask(groups, Math.min(REMOTE_DEADLINE_MS, ...slots.map(({ group }) => group.intervalMs)));
  }

  #evaluate(
    group: GroupRunner,
    slotMs: number,
    atMs: number | undefined,
    answers?: ExprAnswers,
  ): readonly RuleOutcome[] {
    if (atMs === undefined) {
      group.skip(slotMs);
      return [];
    }
    const { store, intervalMs, monotonicMs } = this.#options;
    const warmMs = 2 * Math.max(intervalMs, group.intervalMs);
    const settled = this.#warmFromMs === undefined || slotMs - this.#warmFromMs >= warmMs;
    const context = { ...this.#context(), ...(answers !== undefined && { answers }) };
    const outcomes = group.run({ slotMs, atMs, settled, context, store, monotonicMs });
    this.#ruleFailures += outcomes.filter(({ runner }) => runner.state.health === 'error').length;
    return outcomes;
  }

  /**
   * Answers when the samples were there; undefined: there are none. Between the common collections only the metrics
   * that the due groups select are kept: one group every five seconds must not triple the samples of all series.
   */
  async #collect(only: ReadonlySet<string> | undefined): Promise<number | undefined> {
    const { collect, store, ownLog, now } = this.#options;
    try {
      const metrics = await withDeadline(collect(), COLLECT_DEADLINE_MS);
      const atMs = now();
      if (appendCollection(store, metrics, atMs, only) > 0) {
        const { series, droppedSamples } = store.stats();
        if (droppedSamples > 0) ownLog.problem('MON_RULES_STORE', { got: `${series} series` });
      }
      // Also those of sources that went, which no scrape closes any more.
      store.prune(atMs);
      return atMs;
    } catch (error) {
      this.#collectFailures++;
      ownLog.problem('MON_RULES_COLLECT', { got: (error as Error).message });
      return undefined;
    }
  }

  /** After a clock that was set back, samples of the future would hide those of now: discards samples, keeps alerts. */
  #checkClock(rules: RuleSet, nowMs: number): void {
    const slots = rules.groups.map(({ lastSlotMs }) => lastSlotMs ?? Number.NEGATIVE_INFINITY);
    const latestMs = Math.max(this.#lastCollectMs ?? Number.NEGATIVE_INFINITY, ...slots);
    if (nowMs >= latestMs - CLOCK_TOLERANCE_MS) return;
    const seconds = Math.round((latestMs - nowMs) / 1000);
    this.#options.ownLog.warning(
      `alert rules: the clock jumped back by ${seconds} s or more; samples are discarded, alerts are kept`,
    );
    this.#options.store.clear();
    this.#lastCollectMs = undefined;
    for (const group of rules.groups) group.setLastSlot(undefined);
    this.warmUp(nowMs);
  }
}
