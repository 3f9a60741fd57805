/** PromQL for float samples: parse, check, evaluate, print. */
export type { Annotation } from './annotations.ts';
export { annotationText } from './annotations.ts';
export type { Expr, Node, ValueType, VectorSelector } from './ast.ts';
export { evaluateInstant, evaluateRange, type EvaluationOptions } from './evaluate.ts';
export { Matcher } from './matcher.ts';
export { parse, type ParseOptions } from './parser.ts';
export { print } from './print.ts';
export { PromqlError } from './promql-error.ts';
export { parseSeries, type SeriesDescription } from './series-description.ts';
export { longestRangeMs, selectorsOf } from './selectors.ts';
export type { Evaluation, MatrixSeries, MatrixValue, Value, VectorSample, VectorValue } from './value.ts';
