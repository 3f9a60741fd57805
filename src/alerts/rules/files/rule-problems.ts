import { isScalar, type Node, Scalar } from 'yaml';
import type { RuleProblem } from '../compile-rule.ts';
import type { RuleBudget } from './rule-budget.ts';
import { type Location, scalarText, type YamlSource } from './yaml-source.ts';

/** The location in the file of a position inside the text of a scalar, where the file shows that text as it is. */
function locationInside(source: YamlSource, node: Node, line: number, column: number): Location | undefined {
  if (!isScalar(node) || node.range === null || node.range === undefined) return undefined;
  const text = scalarText(node);
  const [from, to] = node.range;
  if (node.type === Scalar.BLOCK_LITERAL) {
    const textLine = text.split('\n')[line - 1];
    const fileLines = source.text.slice(from, to).split('\n');
    const fileLine = fileLines[line];
    if (textLine === undefined || fileLine === undefined) return undefined;
    const indent = fileLine.replace(/\r$/, '').lastIndexOf(textLine);
    if (indent < 0) return undefined;
    return { line: source.locationOf(node).line + line, column: indent + column };
  }
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  const start = from + (quoted ? 1 : 0);
  // Escapes, folding and comments shift the text; then the location of the field is as near as it gets.
  if (line !== 1 || !source.text.startsWith(text.split('\n')[0]!, start)) return undefined;
  return source.locationAt(start + column - 1);
}

/** True for a rule that no longer fits; the first one is reported. */
export function refuse(source: YamlSource, node: Node, budget: RuleBudget, chars: number): boolean {
  const reason = budget.refusal(chars);
  if (reason === undefined) return false;
  if (budget.isFirstRefusal) source.report(node, 'rule files of moderate size', reason);
  return true;
}

/** Reports a problem of a compiled rule at its location in the file. `nodeOf` returns the node of a field. */
export function reportProblem(source: YamlSource, found: RuleProblem, nodeOf: (field: string) => Node): void {
  const node = nodeOf(found.field);
  const { line, column, expected, got } = found;
  if (line === undefined || column === undefined) {
    source.report(node, expected, got);
    return;
  }
  const location = locationInside(source, node, line, column);
  if (location) source.reportAt(location, expected, got);
  else source.report(node, expected, `${got} (at ${line}:${column} of the string)`);
}
