import { annotationText, evaluateInstant, PromqlError, type VectorSample } from '../../promql/index.ts';
import { formatDurationMs } from '../../promql/syntax/durations.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import type { RuleRunner } from '../../alerts/evaluation/rule-runner.ts';
import { RuleSet } from '../../alerts/evaluation/rule-set.ts';
import { Labels } from '../../samples/labels.ts';
import { SampleStore } from '../../samples/sample-store.ts';
import { compareAlerts, compareSamples } from './compare.ts';
import type { AlertTest, ExprTest, RuleTestFile, TestGroup } from './test-file.ts';

/** One expectation that was not met, or a rule that could not be evaluated. */
export interface Failure {
  readonly where: string;
  /** What was tested: `alert Down at 5m`. */
  readonly title: string;
  /** Lines: `- ` was expected and did not come, `+ ` came and was not expected; others are texts. */
  readonly lines: readonly string[];
}

/** One group of tests while it runs, with a store and rules of its own (Prometheus, cmd/promtool/unittest.go). */
class TestRun {
  readonly #file: RuleTestFile;
  readonly #group: TestGroup;
  readonly #store = new SampleStore({ retentionMs: Number.POSITIVE_INFINITY });
  readonly #rules: RuleSet;
  readonly #alertTests: readonly AlertTest[];
  #loaded = 0;

  constructor(file: RuleTestFile, group: TestGroup, groups: readonly RuleGroup[]) {
    this.#file = file;
    this.#group = group;
    // All groups are evaluated at each step, and subqueries take its length as theirs.
    const paced = groups.map((one) => Object.assign({}, one, { intervalMs: file.evaluationIntervalMs }));
    const rank = (one: RuleGroup): number => file.groupOrder.indexOf(one.name);
    this.#rules = new RuleSet(
      paced.toSorted((a, b) => rank(a) - rank(b)),
      file.evaluationIntervalMs,
    );
    this.#alertTests = group.alertTests.toSorted((a, b) => a.atMs - b.atMs);
  }

  run(): readonly Failure[] {
    const { evaluationIntervalMs: stepMs } = this.#file;
    const { alertTests, exprTests, startMs } = this.#group;
    const lastMs = Math.max(0, ...alertTests.map(({ atMs }) => atMs), ...exprTests.map(({ atMs }) => atMs));
    const failures: Failure[] = [];
    for (let timeMs = 0; timeMs <= lastMs; timeMs += stepMs) {
      this.#loadUntil(timeMs);
      const broken = this.#evaluate(startMs + timeMs, timeMs);
      if (broken.length > 0) return [...failures, ...broken];
      // A test between two steps sees what the earlier one left.
      const due = this.#alertTests.filter(({ atMs }) => timeMs <= atMs && atMs < timeMs + stepMs);
      failures.push(...due.flatMap((test) => this.#checkAlerts(test)));
    }
    failures.push(...exprTests.flatMap((test) => this.#checkExpr(test)));
    return failures;
  }

  /** The name of the test follows what was tested. */
  #title(text: string): string {
    const { name } = this.#group;
    return name === undefined ? text : `${text} (${name})`;
  }

  #loadUntil(timeMs: number): void {
    const { series, intervalMs, startMs } = this.#group;
    const until = Math.floor(timeMs / intervalMs) + 1;
    for (; this.#loaded < until; this.#loaded++) {
      const atMs = startMs + this.#loaded * intervalMs;
      for (const { labels, points } of series) {
        const point = points[this.#loaded];
        if (point?.kind === 'value') this.#store.append(labels, atMs, point.value);
        else if (point?.kind === 'stale') this.#store.appendStale(labels, atMs);
      }
    }
  }

  #evaluate(atMs: number, timeMs: number): readonly Failure[] {
    const { externalLabels, externalUrl, where } = this.#group;
    const context = { queryable: this.#store, externalLabels, externalUrl };
    const broken: Failure[] = [];
    for (const group of this.#rules.groups) {
      group.run({ slotMs: atMs, atMs, settled: true, context, store: this.#store, monotonicMs: () => 0 });
      for (const { rule, state } of group.runners) {
        if (state.error === undefined) continue;
        const title = this.#title(`rule ${rule.name} (${rule.where}) at ${formatDurationMs(timeMs)}`);
        broken.push({ where, title, lines: [state.error] });
      }
    }
    return broken;
  }

  #checkAlerts(test: AlertTest): readonly Failure[] {
    const runners: readonly RuleRunner[] = this.#rules.runners;
    const named = runners.filter(({ rule }) => rule.kind === 'alerting' && rule.name === test.alertName);
    const title = this.#title(`alert ${test.alertName} at ${formatDurationMs(test.atMs)}`);
    if (named.length === 0 && test.expected.length > 0) {
      const names = [...new Set(runners.map(({ rule }) => rule.name))].join(', ');
      return [{ where: test.where, title, lines: [`no rule has this name; there is ${names || 'none'}`] }];
    }
    const got = named
      .flatMap(({ state }) => Array.from(state.alerts.values()))
      .filter(({ kind }) => kind === 'firing')
      .map(({ labels, annotations }) => ({ labels, annotations: Labels.from(annotations) }));
    const lines = compareAlerts(test.expected, got);
    return lines.length === 0 ? [] : [{ where: test.where, title, lines }];
  }

  #checkExpr({ where, expr, atMs, expected }: ExprTest): readonly Failure[] {
    const title = this.#title(`${JSON.stringify(expr.text)} at ${formatDurationMs(atMs)}`);
    let got: readonly VectorSample[];
    let notes: readonly string[];
    try {
      const subqueryStepMs = this.#file.evaluationIntervalMs;
      const timeMs = this.#group.startMs + atMs;
      const { value, annotations } = evaluateInstant(expr, this.#store, timeMs, { subqueryStepMs });
      notes = annotations.map(annotationText);
      if (value.kind === 'vector') got = value.samples;
      else got = value.kind === 'scalar' ? [{ labels: Labels.empty, value: value.value }] : [];
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      return [{ where, title, lines: [error.toString()] }];
    }
    const lines = compareSamples(expected, got, this.#file.fuzzy);
    return lines.length === 0 ? [] : [{ where, title, lines: [...lines, ...notes] }];
  }
}

/** Runs one group of tests over the rules of its file and answers what was not as expected. Pure. */
export function runTest(
  file: RuleTestFile,
  group: TestGroup,
  groups: readonly RuleGroup[],
): readonly Failure[] {
  return new TestRun(file, group, groups).run();
}
