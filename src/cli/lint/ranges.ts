import { longestRangeMs } from '../../promql/index.ts';
import { walk } from '../../promql/syntax/ast.ts';
import { positionOf } from '../../promql/syntax/position.ts';
import { formatDurationMs } from '../../promql/syntax/durations.ts';
import type { Rule } from '../../alerts/rules/rule.ts';
import type { LintContext, RuleFinding } from './check.ts';

/** A range under twice the collection interval holds fewer than two samples most of the time. */
export function* shortRange({ expr }: Rule, { collectionMs }: LintContext): Iterable<RuleFinding> {
  for (const node of walk(expr.root)) {
    if (node.kind !== 'matrix-selector' || node.rangeExpr !== undefined) continue;
    if (node.rangeMs >= 2 * collectionMs) continue;
    const [range, interval, least] = [node.rangeMs, collectionMs, 2 * collectionMs].map(formatDurationMs);
    yield {
      severity: 'warning',
      field: 'condition',
      ...positionOf(expr.text, node.start),
      message: `the range ${range} is under twice the collection interval of ${interval}, so that it often holds no two samples; take ${least} or more`,
    };
  }
}

/** What is older than the samples that are kept counts as never seen. */
export function* longRange({ expr }: Rule, { maxRangeMs }: LintContext): Iterable<RuleFinding> {
  const reachMs = longestRangeMs(expr);
  if (reachMs <= maxRangeMs) return;
  yield {
    severity: 'warning',
    field: 'condition',
    line: 1,
    column: 1,
    message: `looks back ${formatDurationMs(reachMs)}, and samples are kept for ${formatDurationMs(maxRangeMs)} (MONITORING_RULES_MAX_RANGE)`,
  };
}
