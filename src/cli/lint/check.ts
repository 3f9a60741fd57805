import type { Rule } from '../../alerts/rules/rule.ts';
import type { Severity } from './finding.ts';
import type { KnownMetrics } from './known-metrics.ts';
import type { LocationInRule } from './rule-locations.ts';

/** What a check sees besides the rule. */
export interface LintContext {
  /** Time between two samples of a series while these rules are loaded. */
  readonly collectionMs: number;
  /** How far back samples are kept at most. */
  readonly maxRangeMs: number;
  readonly known: KnownMetrics;
}

/** What a check finds in one rule. */
export interface RuleFinding extends LocationInRule {
  readonly severity: Severity;
  readonly message: string;
}

/** A check of one rule. */
export type Check = (rule: Rule, context: LintContext) => Iterable<RuleFinding>;
