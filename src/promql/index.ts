/** PromQL for float samples: parse, check, evaluate, print. */
export { annotationText } from './evaluation/annotations.ts';
export type { Expr } from './syntax/ast.ts';
export { evaluateInstant, evaluateRange, type EvaluationOptions } from './evaluation/evaluate.ts';
export { parse } from './syntax/parser/parser.ts';
export { print } from './syntax/print.ts';
export { PromqlError } from './syntax/promql-error.ts';
export { longestRangeMs, selectorsOf } from './syntax/selectors.ts';
export type { Evaluation, Value, VectorSample } from './evaluation/value.ts';
