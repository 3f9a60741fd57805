import type { Expr } from './ast.ts';
import { PromqlError } from './promql-error.ts';

/** Reads and type-checks one expression. Throws `PromqlError` worded as Prometheus does. */
export function parse(text: string): Expr {
  throw new PromqlError('parse', 'no expression found in input', text, { start: 0, end: 0 });
}
