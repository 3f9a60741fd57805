import type { Expr } from '../../promql/index.ts';
import type { Template } from './templates/template.ts';

interface RuleBase {
  readonly name: string;
  readonly exprText: string;
  readonly expr: Expr;
  /** Labels as written, those of the group included; an empty value removes the label. */
  readonly labels: Readonly<Record<string, string>>;
  /** `file:line:column`, or where else the rule came from. */
  readonly where: string;
}

/** A rule that turns each series of its expression into an alert. */
export interface AlertingRule extends RuleBase {
  readonly kind: 'alerting';
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labelTemplates: Readonly<Record<string, Template>>;
  readonly annotationTemplates: Readonly<Record<string, Template>>;
}

/** A rule that keeps the result of its expression as series named after it. */
export interface RecordingRule extends RuleBase {
  readonly kind: 'recording';
}

/** A rule that was read, checked and compiled. */
export type Rule = AlertingRule | RecordingRule;

/** Where a group comes from: `default` groups wait until the metrics of a rule have been seen. */
export type RuleOrigin = 'file' | 'program' | 'default';

/** Rules that are evaluated one after the other at the same times (Prometheus, rules/group.go). */
export interface RuleGroup {
  readonly name: string;
  /** The file, or `(default rules)`, `(program)`. */
  readonly file: string;
  readonly origin: RuleOrigin;
  /** Undefined: the common interval. */
  readonly intervalMs: number | undefined;
  /** Most series that a rule may yield; 0 is no limit. */
  readonly limit: number;
  /** How far in the past the expressions are evaluated. */
  readonly queryOffsetMs: number;
  readonly rules: readonly Rule[];
}
