import { MonitoringError } from '../errors.ts';
import type { AlertRule } from './rules/alert-rule.ts';
import { compileDocumentedRule } from './rules/compile-rule.ts';
import { formatDurationMs, parseDurationMs } from '../promql/syntax/durations.ts';
import type { AlertingRule, RuleGroup } from './rules/rule.ts';

/** Fields of Prometheus in the documented spelling. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  'annotations.description': 'description',
  'annotations.runbook_url': 'runbook',
  'labels.severity': 'severity',
  'labels.category': 'category',
};

/** Compiles a rule that a program handed over; throws a `MonitoringError` (MON_RULE) that names field and position. */
export function compileProgramRule(rule: AlertRule): AlertingRule {
  const where = `rule ${JSON.stringify(rule?.name) ?? ''}`;
  if (typeof rule !== 'object' || rule === null) {
    throw new MonitoringError('MON_RULE', {
      where: 'rule',
      expected: 'an object with name and condition',
      got: typeof rule,
    });
  }
  const compiled = compileDocumentedRule(rule, where);
  if (compiled.ok) return compiled.rule;
  const { field, expected, got, line, column } = compiled.problems[0]!;
  const position = line === undefined ? '' : `:${line}:${column ?? 1}`;
  throw new MonitoringError('MON_RULE', {
    where: `${where}, ${DOCUMENTED[field] ?? field}${position}`,
    expected,
    got,
  });
}

/** The rules that the program added, in groups by their interval. */
export class ProgramRules {
  readonly #byInterval = new Map<number, AlertingRule[]>();

  /** Throws a `MonitoringError` (MON_RULE) when the rule is malformed. */
  add(rule: AlertRule): void {
    const compiled = compileProgramRule(rule);
    const intervalMs = parseDurationMs(rule.interval ?? '') ?? 0;
    this.#byInterval.set(intervalMs, [...(this.#byInterval.get(intervalMs) ?? []), compiled]);
  }

  groups(): readonly RuleGroup[] {
    return [...this.#byInterval].map(([intervalMs, rules]) => ({
      name: intervalMs === 0 ? 'program' : `program every ${formatDurationMs(intervalMs)}`,
      file: '(program)',
      origin: 'program',
      intervalMs: intervalMs === 0 ? undefined : intervalMs,
      limit: 0,
      queryOffsetMs: 0,
      rules,
    }));
  }
}
