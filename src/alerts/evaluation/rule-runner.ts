import { type Labels, METRIC_NAME } from '../../samples/labels.ts';
import { selectorsOf } from '../../promql/index.ts';
import type { AlertEvent } from '../rules/alert.ts';
import {
  evaluateAlertingRule,
  evaluateRecordingRule,
  type RuleContext,
  type RuleReading,
} from './evaluate-rule.ts';
import { Ring } from './ring.ts';
import type { AlertingRule, RecordingRule, Rule } from '../rules/rule.ts';
import { initialRuleState, type RuleState, step } from '../rules/step.ts';

/** One evaluation of a rule, as the status page lists it. */
export interface RuleEvaluation {
  /** The time that was evaluated, Unix milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Series that the expression yielded. */
  readonly series: number;
  /** Series that its selectors found; 0 when the expression was evaluated elsewhere. */
  readonly fetched: number;
  readonly error: string | undefined;
  /** Warnings and infos of PromQL. */
  readonly notes: readonly string[];
}

/** Where rules write their series. */
export interface RuleStore {
  append(labels: Labels, timeMs: number, value: number, startMs?: number, source?: string): boolean;
  /** The series of a source that did not come since the last call have ended. */
  endScrape(source: string, timeMs: number): void;
  hasMetric(name: string): boolean;
}

export interface RunTimes {
  /** The slot of the group: what alerts count their times by. */
  readonly slotMs: number;
  /** The time of the samples less the query offset of the group: what is evaluated, and what results are stamped with. */
  readonly queryMs: number;
  /** Absent alerts stay as they are (warm-up after a restart). */
  readonly holdAbsent: boolean;
  /** A clock that only goes forward, for durations. */
  readonly monotonicMs: () => number;
}

const HISTORY = 30;

/** A rule with its state over time. Series that it writes carry its `id` as source, so that those that end are marked. */
export class RuleRunner {
  readonly rule: Rule;
  /** Names the state of this rule in the state file and over reloads. */
  readonly id: string;
  readonly #history = new Ring<RuleEvaluation>(HISTORY);
  /** Names of the metrics that the rule selects; '' for a selector without one. */
  readonly wanted: readonly string[];
  #seen = false;
  #state: RuleState = initialRuleState;

  constructor(rule: Rule, id: string) {
    this.rule = rule;
    this.id = id;
    this.wanted = [...new Set(selectorsOf(rule.expr).map(({ name }) => name))];
  }

  get state(): RuleState {
    return this.#state;
  }

  get history(): readonly RuleEvaluation[] {
    return this.#history.toArray();
  }

  /** Takes over the alerts of an earlier run or of the same rule before a reload. */
  adopt(state: RuleState): void {
    this.#state = state;
  }

  /** Metrics that the rule selects and that were never seen; once all were, always none. */
  missingMetrics(store: Pick<RuleStore, 'hasMetric'>): readonly string[] {
    if (this.#seen) return [];
    const missing = this.wanted.filter((name) => name !== '' && !store.hasMetric(name));
    this.#seen = missing.length === 0;
    return missing;
  }

  /** Evaluates once, writes the resulting series to the store and answers what changed. Never throws. */
  run(times: RunTimes, context: RuleContext, store: RuleStore): readonly AlertEvent[] {
    const startedMs = times.monotonicMs();
    const { rule } = this;
    const { reading, events } =
      rule.kind === 'alerting'
        ? this.#runAlerting(rule, times, context, store)
        : { reading: this.#runRecording(rule, times, context, store), events: [] };
    const { series, fetched, notes, result } = reading;
    const error = result.kind === 'error' ? result.error : undefined;
    const durationMs = times.monotonicMs() - startedMs;
    this.#history.push({ atMs: times.queryMs, durationMs, series, fetched, error, notes });
    return events;
  }

  #runAlerting(
    rule: AlertingRule,
    { slotMs, queryMs, holdAbsent }: RunTimes,
    context: RuleContext,
    store: RuleStore,
  ): {
    readonly reading: RuleReading<{ kind: 'ok' } | { kind: 'error'; error: string }>;
    readonly events: readonly AlertEvent[];
  } {
    const reading = evaluateAlertingRule(rule, queryMs, slotMs, context);
    const { forMs, keepFiringForMs } = rule;
    const { state, events } = step(this.#state, reading.result, slotMs, {
      forMs,
      keepFiringForMs,
      holdAbsent,
    });
    this.#state = state;
    // Of a failed evaluation Prometheus writes nothing: the series go stale after the lookback.
    if (reading.result.kind === 'ok') this.#writeAlerts(queryMs, store);
    return { reading, events };
  }

  #writeAlerts(atMs: number, store: RuleStore): void {
    for (const { kind, labels, activeAtMs } of this.#state.alerts.values()) {
      if (kind === 'resolved') continue;
      store.append(labels.with({ [METRIC_NAME]: 'ALERTS', alertstate: kind }), atMs, 1, 0, this.id);
      const since = Math.floor(activeAtMs / 1000);
      store.append(labels.with({ [METRIC_NAME]: 'ALERTS_FOR_STATE' }), atMs, since, 0, this.id);
    }
    store.endScrape(this.id, atMs);
  }

  #runRecording(
    rule: RecordingRule,
    { queryMs }: RunTimes,
    context: RuleContext,
    store: RuleStore,
  ): RuleReading<{ kind: 'ok' } | { kind: 'error'; error: string }> {
    const reading = evaluateRecordingRule(rule, queryMs, context);
    const { result } = reading;
    if (result.kind === 'error') {
      this.#state = { ...this.#state, health: 'error', error: result.error };
      return { ...reading, result };
    }
    this.#state = { ...this.#state, health: 'ok', error: undefined };
    for (const { labels, value } of result.samples) store.append(labels, queryMs, value, 0, this.id);
    store.endScrape(this.id, queryMs);
    return { ...reading, result: { kind: 'ok' } };
  }
}
