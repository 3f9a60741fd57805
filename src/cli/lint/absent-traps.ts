import { type Call, isComparison, type Node, unparen, walk } from '../../promql/syntax/ast.ts';
import { positionOf } from '../../promql/syntax/position.ts';
import type { Rule } from '../../alerts/rules/rule.ts';
import { METRIC_NAME } from '../../samples/labels.ts';
import type { RuleFinding } from './check.ts';

const ABSENT = new Set(['absent', 'absent_over_time']);

const isAbsent = (node: Node): node is Call => node.kind === 'call' && ABSENT.has(node.name);

/** Labels that the result of `absent` has: those of the equality matchers of a plain selector (promql, createLabelsForAbsentFunction). */
function labelsOf(call: Call): readonly string[] | undefined {
  const [arg] = call.args;
  const inner = arg === undefined ? undefined : unparen(arg);
  const selector = inner?.kind === 'matrix-selector' ? inner.selector : inner;
  if (selector?.kind !== 'vector-selector') return undefined;
  return selector.matchers
    .filter(({ op, name }) => op === '=' && name !== METRIC_NAME)
    .map(({ name }) => name);
}

/** Labels that the texts of a rule ask for. */
function labelsUsed(rule: Rule): ReadonlySet<string> {
  if (rule.kind !== 'alerting') return new Set();
  const texts = [...Object.values(rule.labels), ...Object.values(rule.annotations)];
  return new Set(
    texts.flatMap((text) => Array.from(text.matchAll(/\$labels\.(\w+)/g), ([, name = '']) => name)),
  );
}

function argumentTrap(call: Call): string | undefined {
  const [arg] = call.args;
  const inner = arg === undefined ? undefined : unparen(arg);
  if (inner?.kind === 'binary' && isComparison(inner.op)) {
    return `${call.name}() of a comparison also fires while the series is there and the comparison is false; compare outside, or leave the comparison out`;
  }
  if (inner?.kind === 'aggregate' && inner.grouping.length > 0 && !inner.without) {
    return `${call.name}() of an aggregation has no labels and fires only when all of its groups are gone, not when one is`;
  }
  return undefined;
}

/** `absent()` is 1 or nothing: it is never 0. */
function isNeverTrue(node: Node): boolean {
  if (node.kind !== 'binary' || !isComparison(node.op)) return false;
  const [left, right] = [unparen(node.left), unparen(node.right)];
  if (!isAbsent(left) || right.kind !== 'number') return false;
  return (node.op === '==' && right.value !== 1) || (node.op === '<' && right.value <= 1);
}

/** What people expect of `absent()` and do not get. */
export function* absentTraps(rule: Rule): Iterable<RuleFinding> {
  const { expr } = rule;
  const finding = (node: Node, message: string): RuleFinding => ({
    severity: 'warning',
    field: 'condition',
    ...positionOf(expr.text, node.start),
    message,
  });
  const used = labelsUsed(rule);
  const nodes = [...walk(expr.root)];
  for (const node of nodes) {
    if (isNeverTrue(node)) yield finding(node, 'absent() yields 1 or nothing, so that this never holds');
    if (!isAbsent(node)) continue;
    const trap = argumentTrap(node);
    if (trap !== undefined) yield finding(node, trap);
  }
  const root = unparen(expr.root);
  const labels = isAbsent(root) ? (labelsOf(root) ?? []) : undefined;
  if (labels === undefined || !isAbsent(root)) return;
  const lost = [...used].filter((name) => !labels.includes(name) && !(name in rule.labels));
  if (lost.length === 0) return;
  const names = lost.join(', ');
  yield finding(
    root,
    `${root.name}() has only the labels of its "=" matchers, so that $labels.${names} will be empty`,
  );
}
