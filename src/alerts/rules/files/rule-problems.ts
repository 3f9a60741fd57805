import { isScalar, type Node, Scalar } from 'yaml';
import type { RuleFault } from '../compile-rule.ts';
import { type Place, scalarText, type YamlSource } from './yaml-source.ts';

/** Finds the place in the file of a place inside the text of a scalar, where the file shows that text as it is. */
function placeInside(source: YamlSource, node: Node, line: number, column: number): Place | undefined {
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
    return { line: source.place(node).line + line, column: indent + column };
  }
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  const start = from + (quoted ? 1 : 0);
  // Escapes, folding and comments shift the text; then the place of the field is as near as it gets.
  if (line !== 1 || !source.text.startsWith(text.split('\n')[0]!, start)) return undefined;
  return source.placeAt(start + column - 1);
}

/** Reports a fault of a compiled rule at its place in the file. `nodeOf` answers the node that a field stands in. */
export function reportFault(source: YamlSource, fault: RuleFault, nodeOf: (field: string) => Node): void {
  const node = nodeOf(fault.field);
  const { line, column, expected, got } = fault;
  if (line === undefined || column === undefined) {
    source.report(node, expected, got);
    return;
  }
  const place = placeInside(source, node, line, column);
  if (place) source.reportAt(place, expected, got);
  else source.report(node, expected, `${got} (at ${line}:${column} of the text)`);
}
