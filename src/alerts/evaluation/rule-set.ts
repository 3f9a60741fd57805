import { longestRangeMs, selectorsOf } from '../../promql/index.ts';
import { Labels } from '../../samples/labels.ts';
import type { Alert, ResolvedAlert } from '../rules/alert.ts';
import { GroupRunner } from './group-runner.ts';
import type { Rule, RuleGroup } from '../rules/rule.ts';
import { RuleRunner } from './rule-runner.ts';
import { resolve } from '../rules/step.ts';

/** An alert with the rule that it belongs to. */
export interface RuleAlert<A extends Alert = Alert> {
  readonly runner: RuleRunner;
  readonly alert: A;
}

/** Names a rule by group, name and labels, and by its index among those that agree in these. */
function identify(group: RuleGroup, rule: Rule, taken: Map<string, number>): string {
  const id = JSON.stringify([group.name, rule.name, Labels.from(rule.labels).toRecord()]);
  const count = taken.get(id) ?? 0;
  taken.set(id, count + 1);
  return count === 0 ? id : `${id}#${count}`;
}

/** The loaded groups with their states. Replaced as a whole by a reload, which keeps the states of rules that stay. */
export class RuleSet {
  readonly groups: readonly GroupRunner[];
  readonly #byId: ReadonlyMap<string, RuleRunner>;

  constructor(groups: readonly RuleGroup[], commonIntervalMs: number) {
    const taken = new Map<string, number>();
    this.groups = groups.map((group) => {
      const runners = group.rules.map((rule) => new RuleRunner(rule, identify(group, rule, taken)));
      return new GroupRunner(group, group.intervalMs ?? commonIntervalMs, runners);
    });
    this.#byId = new Map(this.runners.map((runner) => [runner.id, runner]));
  }

  get runners(): readonly RuleRunner[] {
    return this.groups.flatMap(({ runners }) => runners);
  }

  runner(id: string): RuleRunner | undefined {
    return this.#byId.get(id);
  }

  alerts(): readonly RuleAlert[] {
    return this.runners.flatMap((runner) =>
      [...runner.state.alerts.values()].map((alert) => ({ runner, alert })),
    );
  }

  /**
   * Takes over the states of an earlier set. Answers what fired in rules that are gone, as resolved now, so that
   * nobody waits for its end.
   */
  adopt(earlier: RuleSet, nowMs: number): readonly RuleAlert<ResolvedAlert>[] {
    const ended: RuleAlert<ResolvedAlert>[] = [];
    for (const old of earlier.runners) {
      const runner = this.#byId.get(old.id);
      if (runner !== undefined && runner.rule.kind === old.rule.kind) {
        runner.adopt(old.state);
        continue;
      }
      for (const alert of old.state.alerts.values()) {
        if (alert.kind === 'firing') ended.push({ runner: old, alert: resolve(alert, nowMs) });
      }
    }
    const slots = new Map(earlier.groups.map((group) => [group.group.name, group]));
    for (const group of this.groups) {
      const old = slots.get(group.group.name);
      if (old?.intervalMs === group.intervalMs) group.setLastSlot(old.lastSlotMs);
    }
    return ended;
  }

  /** How far back each rule looks, with the query offset of its group, and at which metrics; '' is one without a name. */
  reaches(): readonly { readonly name: string; readonly reachMs: number }[] {
    return this.groups.flatMap(({ group }) =>
      group.rules.flatMap(({ expr }) => {
        const reachMs = longestRangeMs(expr) + group.queryOffsetMs;
        return selectorsOf(expr).map(({ name }) => ({ name, reachMs }));
      }),
    );
  }
}
