import {
  annotationText,
  evaluateInstant,
  type Expr,
  parse,
  PromqlError,
  type VectorSample,
} from '../../promql/index.ts';
import { Labels, METRIC_NAME } from '../../samples/labels.ts';
import type { LabelMatcher, OnWork, Queryable, SeriesView } from '../../samples/queryable.ts';
import type { ActiveAlert } from '../rules/alert.ts';
import type { AlertingRule, RecordingRule } from '../rules/rule.ts';
import type { RuleResult } from '../rules/step.ts';
import type { TemplateContext, TemplateData } from '../rules/templates/template.ts';

/** The results of expressions that were evaluated elsewhere, all at the time of the rule. */
export interface ExprAnswers {
  /** By the text of the expression. Throws when the evaluation failed, or when nobody has asked for it yet. */
  of(exprText: string): { readonly samples: readonly VectorSample[]; readonly notes: readonly string[] };
}

/** What the evaluation of a rule needs besides the rule and the time. */
export interface RuleContext {
  readonly queryable: Queryable;
  /** Labels of every alert of this process as templates see them (`$externalLabels`). */
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
  /** Step of subqueries that name none: the interval of the group. */
  readonly subqueryStepMs: number;
  /** Counters count from their start timestamps; default true. */
  readonly useStartTimestamps?: boolean;
  /** When given, the answers of a server replace the evaluation of expressions. */
  readonly answers?: ExprAnswers;
  /** Most series that a rule may yield; 0 is no limit. */
  readonly limit: number;
  /** A clock that only goes forward, for the time that templates may take; default `performance.now`. */
  readonly monotonicMs?: () => number;
}

/** Metadata of an evaluation in addition to its result. */
export interface RuleReading<T> {
  readonly result: T;
  /** Series that the expression yielded. */
  readonly series: number;
  /** Series that its selectors found; 0: the rule looks at nothing. */
  readonly fetched: number;
  /** Warnings and infos of PromQL. */
  readonly notes: readonly string[];
}

export type RecordingResult =
  | { readonly kind: 'ok'; readonly samples: readonly VectorSample[] }
  | { readonly kind: 'error'; readonly error: string };

/** Alerts or series of one rule whose group has no limit of its own; each is kept, and each alert sent. */
const MAX_SERIES = 20_000;
/** Time and characters that the templates of all alerts of one evaluation may take. */
const MAX_TEMPLATES_MS = 2000;
const MAX_TEMPLATE_CHARS = 16_000_000;

class Counting implements Queryable {
  readonly #inner: Queryable;
  fetched = 0;

  constructor(inner: Queryable) {
    this.#inner = inner;
  }

  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
    onWork?: OnWork,
  ): Iterable<SeriesView> {
    const found = [...this.#inner.select(matchers, fromMs, toMs, onWork)];
    this.fetched += found.length;
    return found;
  }
}

function errorText(error: unknown): string {
  return error instanceof PromqlError ? error.toString() : (error as Error).message;
}

/** The samples of a vector, or a scalar as one sample without labels (Prometheus, rules.EngineQueryFunc). */
function vectorOf(
  expr: Expr,
  timeMs: number,
  context: RuleContext,
  notes: string[] = [],
): readonly VectorSample[] {
  const { queryable, subqueryStepMs, useStartTimestamps = true, answers } = context;
  if (answers !== undefined) {
    const answer = answers.of(expr.text);
    notes.push(...answer.notes);
    return answer.samples;
  }
  const settings = { subqueryStepMs, useStartTimestamps };
  const { value, annotations } = evaluateInstant(expr, queryable, timeMs, settings);
  notes.push(...annotations.map(annotationText));
  if (value.kind === 'vector') return value.samples;
  if (value.kind === 'scalar') return [{ labels: Labels.empty, value: value.value }];
  throw new TypeError('rule result is not a vector or scalar');
}

function checkUnique(samples: readonly VectorSample[], what: string): void {
  const keys = new Set(samples.map(({ labels }) => labels.key));
  if (keys.size < samples.length) {
    throw new TypeError(`vector contains metrics with the same labelset after applying ${what} labels`);
  }
}

function checkCount(count: number, limit: number, what: string): void {
  const most = limit > 0 ? limit : MAX_SERIES;
  if (count <= most) return;
  throw new RangeError(`exceeded limit of ${most} with ${count} ${what === 'alert' ? 'alerts' : 'series'}`);
}

function expandAll(
  templates: AlertingRule['labelTemplates'],
  data: TemplateData,
  context: TemplateContext,
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) texts[name] = template.expand(data, context);
  return texts;
}

function read<T>(
  context: RuleContext,
  run: (context: RuleContext, notes: string[]) => readonly T[],
): RuleReading<{ kind: 'ok'; items: readonly T[] } | { kind: 'error'; error: string }> {
  const counting = new Counting(context.queryable);
  const notes: string[] = [];
  try {
    const items = run({ ...context, queryable: counting }, notes);
    return { result: { kind: 'ok', items }, series: items.length, fetched: counting.fetched, notes };
  } catch (error) {
    return {
      result: { kind: 'error', error: errorText(error) },
      series: 0,
      fetched: counting.fetched,
      notes,
    };
  }
}

function activeAlerts(
  rule: AlertingRule,
  timeMs: number,
  nowMs: number,
  context: RuleContext,
  notes: string[],
): ActiveAlert[] {
  const samples = vectorOf(rule.expr, timeMs, context, notes);
  checkCount(samples.length, 0, 'alert');
  const { monotonicMs = (): number => performance.now() } = context;
  const untilMs = monotonicMs() + MAX_TEMPLATES_MS;
  let chars = 0;
  const counted = (texts: Record<string, string>): Record<string, string> => {
    for (const text of Object.values(texts)) chars += text.length;
    if (chars <= MAX_TEMPLATE_CHARS) return texts;
    throw new RangeError(`labels and annotations of more than ${MAX_TEMPLATE_CHARS} characters`);
  };
  const templates: TemplateContext = {
    checkTime() {
      if (monotonicMs() > untilMs) throw new RangeError('the templates of the rule take too long');
    },
    nowMs,
    externalUrl: context.externalUrl,
    query: (text) =>
      vectorOf(parse(text), timeMs, context).map(({ labels, value }) => ({
        Labels: labels.toRecord(),
        Value: value,
      })),
  };
  const active = samples.map(({ labels, value }): ActiveAlert => {
    const data = { labels: labels.toRecord(), externalLabels: context.externalLabels, value };
    return {
      value,
      labels: labels
        .drop([METRIC_NAME])
        .with(counted(expandAll(rule.labelTemplates, data, templates)))
        .with({ alertname: rule.name }),
      annotations: counted(expandAll(rule.annotationTemplates, data, templates)),
    };
  });
  checkUnique(active, 'alert');
  checkCount(active.length, context.limit, 'alert');
  return active;
}

/**
 * Evaluates an alerting rule at `timeMs`, the time of the group less its query offset; `nowMs` is what templates read
 * as `now`. Never throws.
 */
export function evaluateAlertingRule(
  rule: AlertingRule,
  timeMs: number,
  nowMs: number,
  context: RuleContext,
): RuleReading<RuleResult> {
  const reading = read(context, (inner, notes) => activeAlerts(rule, timeMs, nowMs, inner, notes));
  const { result } = reading;
  return { ...reading, result: result.kind === 'ok' ? { kind: 'ok', active: result.items } : result };
}

/** Evaluates a recording rule into the samples to be kept. Never throws. */
export function evaluateRecordingRule(
  rule: RecordingRule,
  timeMs: number,
  context: RuleContext,
): RuleReading<RecordingResult> {
  const reading = read(context, (inner, notes) => {
    const samples = vectorOf(rule.expr, timeMs, inner, notes).map(({ labels, value }) => ({
      labels: labels.with({ [METRIC_NAME]: rule.name, ...rule.labels }),
      value,
    }));
    checkUnique(samples, 'rule');
    checkCount(samples.length, context.limit, 'rule');
    return samples;
  });
  const { result } = reading;
  return { ...reading, result: result.kind === 'ok' ? { kind: 'ok', samples: result.items } : result };
}
