import { parse, PromqlError, type Expr } from '../../promql/index.ts';
import type { AlertRule } from './alert-rule.ts';
import { parseDurationMs } from '../../promql/syntax/durations.ts';
import type { AlertingRule, RecordingRule } from './rule.ts';
import { compileTemplate, type Template, TemplateError } from './templates/template.ts';

/** What is wrong with one field of a rule; `line` and `column` count from 1 inside the text of the field. */
export interface RuleProblem {
  /** The field in the documented spelling; `labels.team`, `annotations.summary` for entries. */
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  readonly line?: number;
  readonly column?: number;
}

export type Compiled<T> =
  { readonly ok: true; readonly rule: T } | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** The parts of a rule in texts, whatever the format that they were written in. */
export interface RuleTexts {
  readonly name: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly where: string;
}

export interface AlertingTexts extends RuleTexts {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly annotations: Readonly<Record<string, string>>;
}

const METRIC_NAME = '__name__';

const TYPE_NAMES: Readonly<Record<string, string>> = { matrix: 'a range vector', string: 'a string' };

function compileExpr(text: string, problems: RuleProblem[]): Expr | undefined {
  try {
    const expr = parse(text);
    const wrong = TYPE_NAMES[expr.type];
    if (wrong === undefined) return expr;
    // Prometheus loads such a rule and fails at each evaluation.
    const expected = 'an expression that returns an instant vector or a scalar';
    problems.push({ field: 'condition', expected, got: `one that returns ${wrong}`, line: 1, column: 1 });
    return undefined;
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    const { line, column, message } = error;
    problems.push({ field: 'condition', expected: 'a PromQL expression', got: message, line, column });
    return undefined;
  }
}

function compileTemplates(
  texts: Readonly<Record<string, string>>,
  field: string,
  problems: RuleProblem[],
): Record<string, Template> {
  const templates: Record<string, Template> = {};
  for (const [name, text] of Object.entries(texts)) {
    try {
      templates[name] = compileTemplate(text);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const { line, column, message } = error;
      problems.push({ field: `${field}.${name}`, expected: 'a template', got: message, line, column });
    }
  }
  return templates;
}

function checkLabels(labels: Readonly<Record<string, string>>, problems: RuleProblem[]): void {
  for (const [name, value] of Object.entries(labels)) {
    // Any UTF-8 text but the empty one is a label name in Prometheus 3 (model.UTF8Validation).
    if (name === '' || name === METRIC_NAME || !name.isWellFormed()) {
      problems.push({
        field: `labels.${name}`,
        expected: 'a label name other than __name__',
        got: JSON.stringify(name),
      });
    }
    if (!value.isWellFormed()) {
      problems.push({
        field: `labels.${name}`,
        expected: 'valid UTF-8',
        got: 'a lone surrogate',
      });
    }
  }
}

/** Checks and compiles an alerting rule. Pure; never throws on what the texts hold. */
export function compileAlertingRule(texts: AlertingTexts): Compiled<AlertingRule> {
  const problems: RuleProblem[] = [];
  const expr = compileExpr(texts.expr, problems);
  checkLabels(texts.labels, problems);
  const labelTemplates = compileTemplates(texts.labels, 'labels', problems);
  const annotationTemplates = compileTemplates(texts.annotations, 'annotations', problems);
  if (expr === undefined || problems.length > 0) return { ok: false, problems };
  const { name, labels, where, forMs, keepFiringForMs, annotations } = texts;
  const compiled = { name, exprText: texts.expr, expr, labels, where, forMs, keepFiringForMs, annotations };
  return { ok: true, rule: { kind: 'alerting', ...compiled, labelTemplates, annotationTemplates } };
}

/** Checks and compiles a recording rule. Pure; never throws on what the texts hold. */
export function compileRecordingRule(texts: RuleTexts): Compiled<RecordingRule> {
  const problems: RuleProblem[] = [];
  const expr = compileExpr(texts.expr, problems);
  checkLabels(texts.labels, problems);
  if (/[{}]/.test(texts.name)) {
    const got = `${JSON.stringify(texts.name)}, with braces, which belong in expr`;
    problems.push({ field: 'record', expected: 'a metric name', got });
  }
  if (expr === undefined || problems.length > 0) return { ok: false, problems };
  const { name, labels, where } = texts;
  return { ok: true, rule: { kind: 'recording', name, exprText: texts.expr, expr, labels, where } };
}

/** Labels and annotations of a documented rule as a Prometheus rule has them. */
export function prometheusFields(rule: AlertRule): {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
} {
  return {
    labels: {
      ...rule.labels,
      ...(rule.severity !== '' && { severity: rule.severity }),
      ...(rule.category !== undefined && { category: rule.category }),
    },
    annotations: {
      ...(rule.description !== '' && { description: rule.description }),
      ...(rule.runbook !== undefined && { runbook_url: rule.runbook }),
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Wrong types and missing fields of a rule that a program hands over; JavaScript has no compiler to report them. */
function checkShape(rule: AlertRule): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const require = (field: keyof AlertRule, expected: string, right: boolean): void => {
    if (!right) problems.push({ field, expected, got: JSON.stringify(rule[field]) ?? 'nothing' });
  };
  require('name', 'a name', isText(rule.name) && rule.name !== '');
  require('condition', 'a PromQL expression', isText(rule.condition) && rule.condition !== '');
  for (const field of ['duration', 'keepFiringFor', 'interval'] as const) {
    const text = rule[field];
    const right =
      text === undefined || (isText(text) && parseDurationMs(text === '' ? '0' : text) !== undefined);
    require(field, 'a duration such as 30s, 5m or 1h30m', right);
  }
  for (const field of ['severity', 'description', 'runbook', 'category'] as const) {
    require(field, 'a text', rule[field] === undefined || isText(rule[field]));
  }
  const labels = rule.labels as unknown;
  const right =
    labels === undefined || (typeof labels === 'object' && labels !== null && !Array.isArray(labels));
  require('labels', 'an object with string values', right && Object.values(labels ?? {}).every(isText));
  return problems;
}

/** Checks and compiles a rule in the documented form. `where` locates it in messages. */
export function compileDocumentedRule(rule: AlertRule, where: string): Compiled<AlertingRule> {
  const problems = checkShape(rule);
  if (problems.length > 0) return { ok: false, problems };
  const { severity = '', description = '', labels = {} } = rule as Partial<AlertRule>;
  const ms = (text: string | undefined): number => parseDurationMs(text ?? '') ?? 0;
  return compileAlertingRule({
    name: rule.name,
    expr: rule.condition,
    where,
    forMs: ms(rule.duration),
    keepFiringForMs: ms(rule.keepFiringFor),
    ...prometheusFields({ ...rule, severity, description, labels }),
  });
}
