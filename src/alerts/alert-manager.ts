import { type Problem, problem } from '../errors.ts';
import { compileProgramRule } from './program-rules.ts';
import type { AlertRule } from './rules/alert-rule.ts';
import { longestRangeMs } from '../promql/index.ts';
import { RuleRunner } from './evaluation/rule-runner.ts';
import { Labels, METRIC_NAME } from '../samples/labels.ts';
import { SampleStore } from '../samples/sample-store.ts';

/** One series of a metric that is handed to `evaluateRules`. */
export interface MetricValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics by name: a number, or one value per set of labels. */
export type MetricValues = Readonly<Record<string, number | readonly MetricValue[]>>;

interface Entry {
  readonly rule: AlertRule;
  readonly runner: RuleRunner;
}

const isSeries = (entry: unknown): boolean =>
  typeof entry === 'object' &&
  entry !== null &&
  typeof (entry as MetricValue).value === 'number' &&
  typeof ((entry as MetricValue).labels ?? {}) === 'object';

/** The series of a metric; undefined for what is neither a number nor a list of them. */
function seriesOf(values: unknown): readonly MetricValue[] | undefined {
  if (typeof values === 'number') return [{ labels: {}, value: values }];
  return Array.isArray(values) && values.every(isSeries) ? (values as MetricValue[]) : undefined;
}

const LOOKBACK_MS = 300_000; // 5 minutes, as Prometheus

/**
 * Alert rules over metrics that the program hands in (documented API). Successive calls of `evaluateRules` make up the
 * history that `duration`, `rate(…)` and the like look at. Its only state besides is the rules; the clock is a
 * parameter.
 */
export class AlertManager {
  readonly #entries: Entry[] = [];
  readonly #store = new SampleStore({ retentionMs: LOOKBACK_MS });
  #leftOut: Problem[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Adds a rule; throws a `MonitoringError` (MON_RULE) with field, line and column when it is malformed. */
  addRule(rule: AlertRule): void {
    const compiled = compileProgramRule(rule);
    this.#entries.push({ rule, runner: new RuleRunner(compiled, `rule ${this.#entries.length}`) });
    const wantedMs = Math.max(this.#store.retentionMs, longestRangeMs(compiled.expr));
    this.#store.setRetentionMs(wantedMs);
  }

  getRules(): readonly AlertRule[] {
    return this.#entries.map(({ rule }) => rule);
  }

  /**
   * Takes in metrics as of `nowMs` (Unix milliseconds) and answers the rules that fire, in the order in which they were
   * added. A rule with a duration fires once its condition has held for that long over successive calls. A rule that
   * cannot be evaluated stays as it was; `problems` has the reason.
   */
  evaluateRules(metrics: MetricValues, nowMs: number = Date.now()): readonly AlertRule[] {
    // Two calls in one millisecond, or a clock that was set back, must not be lost to the store.
    const atMs = Math.max(nowMs, this.#lastMs + 1);
    this.#lastMs = atMs;
    this.#append(metrics, atMs);
    const times = { slotMs: atMs, queryMs: atMs, holdAbsent: false, monotonicMs: () => 0 };
    const context = {
      queryable: this.#store,
      externalLabels: {},
      externalUrl: '',
      subqueryStepMs: 60_000,
      limit: 0,
    };
    for (const { runner } of this.#entries) runner.run(times, context, this.#store);
    return this.#entries
      .filter(({ runner }) => [...runner.state.alerts.values()].some(({ kind }) => kind === 'firing'))
      .map(({ rule }) => rule);
  }

  /** Metrics that were left out of the last evaluation and rules that could not be evaluated in it, and why. */
  problems(): readonly Problem[] {
    const failed = this.#entries.filter(({ runner }) => runner.state.health === 'error');
    const ofRules = failed.map(({ rule, runner }) =>
      problem('MON_RULE_EVALUATION', { where: `rule "${rule.name}"`, got: runner.state.error ?? '' }),
    );
    return [...this.#leftOut, ...ofRules];
  }

  #append(metrics: MetricValues, atMs: number): void {
    this.#leftOut = [];
    for (const [name, values] of Object.entries(metrics)) {
      const series = seriesOf(values);
      if (series === undefined) {
        const got = JSON.stringify(values) ?? 'nothing';
        this.#leftOut.push(problem('MON_METRIC_VALUE', { where: name, got }));
        continue;
      }
      for (const { labels, value } of series) {
        this.#store.append(Labels.from({ ...labels, [METRIC_NAME]: name }), atMs, value, 0, 'metrics');
      }
    }
    this.#store.endScrape('metrics', atMs);
  }
}
