import type { AlertEvent } from '../rules/alert.ts';
import type { RuleContext } from './evaluate-rule.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { RuleRunner, RuleStore } from './rule-runner.ts';

/** The latest time at or before `nowMs` that is a whole multiple of the interval. */
export function slotOf(nowMs: number, intervalMs: number): number {
  return Math.floor(nowMs / intervalMs) * intervalMs;
}

export interface GroupRun {
  readonly slotMs: number;
  /** When the samples were collected: the time that expressions are evaluated at. */
  readonly atMs: number;
  /** False while a restored alert may only be absent because nothing was observed yet. */
  readonly settled: boolean;
  readonly context: Omit<RuleContext, 'subqueryStepMs' | 'limit'>;
  readonly store: RuleStore;
  readonly monotonicMs: () => number;
}

/** What one rule did in one evaluation of its group. */
export interface RuleOutcome {
  readonly runner: RuleRunner;
  readonly events: readonly AlertEvent[];
}

/**
 * A group of rules over time. Evaluated at whole multiples of its interval; alerts count their times by these slots, so
 * that `for` is a number of whole intervals. Prometheus shifts each group by a hash to spread load; here all groups
 * share one collection of samples, and slots that coincide save collections.
 */
export class GroupRunner {
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly runners: readonly RuleRunner[];
  #lastSlotMs: number | undefined;
  #missed = 0;
  #lastDurationMs: number | undefined;

  constructor(group: RuleGroup, intervalMs: number, runners: readonly RuleRunner[]) {
    this.group = group;
    this.intervalMs = intervalMs;
    this.runners = runners;
  }

  get lastSlotMs(): number | undefined {
    return this.#lastSlotMs;
  }

  /** Slots that passed without an evaluation since the group was loaded. */
  get missed(): number {
    return this.#missed;
  }

  get lastDurationMs(): number | undefined {
    return this.#lastDurationMs;
  }

  /** The slot that is to be evaluated now; undefined when there is none. */
  due(nowMs: number): number | undefined {
    const slotMs = slotOf(nowMs, this.intervalMs);
    return this.#lastSlotMs === undefined || slotMs > this.#lastSlotMs ? slotMs : undefined;
  }

  /** Forgets when it ran last: after a clock that was set back, or to carry on after a reload. */
  setLastSlot(slotMs: number | undefined): void {
    this.#lastSlotMs = slotMs;
  }

  /** Lets a slot pass without an evaluation, and counts it. */
  skip(slotMs: number): void {
    this.#enter(slotMs);
    this.#missed++;
  }

  #enter(slotMs: number): void {
    if (this.#lastSlotMs !== undefined) {
      this.#missed += Math.max(0, Math.round((slotMs - this.#lastSlotMs) / this.intervalMs) - 1);
    }
    this.#lastSlotMs = slotMs;
  }

  /** Evaluates all rules in order; each sees what the ones before it wrote. Never throws. */
  run({ slotMs, atMs, settled, context, store, monotonicMs }: GroupRun): readonly RuleOutcome[] {
    const startedMs = monotonicMs();
    this.#enter(slotMs);
    const { queryOffsetMs, limit, origin } = this.group;
    const times = { slotMs, queryMs: atMs - queryOffsetMs, holdAbsent: !settled, monotonicMs };
    const outcomes: RuleOutcome[] = [];
    for (const runner of this.runners) {
      // A server that evaluates the rules may have any metric.
      const waits = origin === 'default' && context.answers === undefined;
      if (waits && runner.missingMetrics(store).length > 0) continue;
      const events = runner.run(times, { ...context, subqueryStepMs: this.intervalMs, limit }, store);
      outcomes.push({ runner, events });
    }
    this.#lastDurationMs = monotonicMs() - startedMs;
    return outcomes;
  }
}
