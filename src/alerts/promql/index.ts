/** PromQL for float samples: parse, check, evaluate, print. */
export { annotationText } from './annotations.ts';
export type { Expr } from './ast.ts';
export { evaluateInstant, evaluateRange, type EvaluationOptions } from './evaluate.ts';
export { parse } from './parser.ts';
export { print } from './print.ts';
export { PromqlError } from './promql-error.ts';
export { longestRangeMs, selectorsOf } from './selectors.ts';
export type { Evaluation, Value, VectorSample } from './value.ts';
