import { type Node, walk } from '../../src/promql/syntax/ast.ts';
import type { Expr } from '../../src/promql/index.ts';
import { selectorsOf } from '../../src/promql/index.ts';
import type { Labels } from '../../src/samples/labels.ts';
import type { EvalCommand } from './script.ts';
import type { ScriptStorage } from './storage.ts';

/** Functions that Prometheus has for native histograms only. */
const NATIVE_ONLY = /^histogram_(?:avg|count|sum|stddev|stdvar)$/;

/**
 * Syntax behind Prometheus' feature flags that is not built here. Looked for in the text, since it does not parse.
 */
const EXPERIMENTAL_SYNTAX: readonly (readonly [string, RegExp])[] = [
  ['experimental: fill modifiers', /\bfill(?:_left|_right)?\s*\(/i],
  ['experimental: limitk and limit_ratio', /\b(?:limitk|limit_ratio)\b/i],
  ['experimental: info()', /\binfo\s*\(/],
  ['experimental: integral()', /\bintegral\s*\(/],
];

function reads(expr: Expr, series: readonly Labels[]): boolean {
  return selectorsOf(expr).some(({ matchers }) =>
    series.some((labels) => matchers.every((matcher) => matcher.matches(labels.get(matcher.name)))),
  );
}

function callsNative(root: Node): boolean {
  return [...walk(root)].some((node) => node.kind === 'call' && NATIVE_ONLY.test(node.name));
}

/**
 * Why a case says nothing about this evaluator, or undefined when it counts. `expr` is undefined when the text does
 * not parse.
 */
export function outOfScope(
  command: EvalCommand,
  expr: Expr | undefined,
  storage: ScriptStorage,
): string | undefined {
  if (
    /__type__|__unit__/.test(command.expr) ||
    command.results.some((line) => /__type__|__unit__/.test(line))
  ) {
    return 'experimental: type and unit labels';
  }
  const syntax = EXPERIMENTAL_SYNTAX.find(([, pattern]) => pattern.test(command.expr));
  if (syntax !== undefined) return syntax[0];
  if (command.results.some((line) => line.includes('{{'))) return 'native histograms: in the expected result';
  if (expr === undefined) return undefined;
  if (reads(expr, storage.typed)) return 'experimental: type and unit labels';
  if (reads(expr, storage.native)) return 'native histograms: read by a selector';
  if (callsNative(expr.root)) return 'native histograms: function for them only';
  return undefined;
}
