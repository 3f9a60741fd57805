import type { Expr } from './ast.ts';

/** The expression as text that parses to the same. */
export function print(expr: Expr): string {
  return expr.text;
}
