import type { ValueType } from './ast.ts';

/** The types of a function: all that the parser and the type check need. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many arguments beyond `args` without its last one are allowed; -1: any number. Absent: exactly `args`. */
  readonly variadic?: number;
  readonly returns: 'scalar' | 'vector';
  /** Behind a feature flag in Prometheus, and behind an option here. */
  readonly experimental?: boolean;
}

/**
 * Every function of the language. Its code has the same name in a file of `functions/`; the compiler reports a
 * signature without code, and code without a signature.
 */
export const signatures = {
  // Of one number each
  abs: { args: ['vector'], returns: 'vector' },
  ceil: { args: ['vector'], returns: 'vector' },
  floor: { args: ['vector'], returns: 'vector' },
  exp: { args: ['vector'], returns: 'vector' },
  ln: { args: ['vector'], returns: 'vector' },
  log2: { args: ['vector'], returns: 'vector' },
  log10: { args: ['vector'], returns: 'vector' },
  sqrt: { args: ['vector'], returns: 'vector' },
  sgn: { args: ['vector'], returns: 'vector' },
  round: { args: ['vector', 'scalar'], variadic: 1, returns: 'vector' },
  clamp: { args: ['vector', 'scalar', 'scalar'], returns: 'vector' },
  clamp_min: { args: ['vector', 'scalar'], returns: 'vector' },
  clamp_max: { args: ['vector', 'scalar'], returns: 'vector' },
  sin: { args: ['vector'], returns: 'vector' },
  cos: { args: ['vector'], returns: 'vector' },
  tan: { args: ['vector'], returns: 'vector' },
  asin: { args: ['vector'], returns: 'vector' },
  acos: { args: ['vector'], returns: 'vector' },
  atan: { args: ['vector'], returns: 'vector' },
  sinh: { args: ['vector'], returns: 'vector' },
  cosh: { args: ['vector'], returns: 'vector' },
  tanh: { args: ['vector'], returns: 'vector' },
  asinh: { args: ['vector'], returns: 'vector' },
  acosh: { args: ['vector'], returns: 'vector' },
  atanh: { args: ['vector'], returns: 'vector' },
  deg: { args: ['vector'], returns: 'vector' },
  rad: { args: ['vector'], returns: 'vector' },
  min_of: { args: ['scalar', 'scalar'], returns: 'scalar', experimental: true },
  max_of: { args: ['scalar', 'scalar'], returns: 'scalar', experimental: true },
  pi: { args: [], returns: 'scalar' },
  // Of time
  time: { args: [], returns: 'scalar' },
  timestamp: { args: ['vector'], returns: 'vector' },
  minute: { args: ['vector'], variadic: 1, returns: 'vector' },
  hour: { args: ['vector'], variadic: 1, returns: 'vector' },
  day_of_week: { args: ['vector'], variadic: 1, returns: 'vector' },
  day_of_month: { args: ['vector'], variadic: 1, returns: 'vector' },
  day_of_year: { args: ['vector'], variadic: 1, returns: 'vector' },
  days_in_month: { args: ['vector'], variadic: 1, returns: 'vector' },
  month: { args: ['vector'], variadic: 1, returns: 'vector' },
  year: { args: ['vector'], variadic: 1, returns: 'vector' },
  start_timestamp: { args: ['vector'], returns: 'vector', experimental: true },
  start: { args: [], returns: 'scalar', experimental: true },
  end: { args: [], returns: 'scalar', experimental: true },
  step: { args: [], returns: 'scalar', experimental: true },
  range: { args: [], returns: 'scalar', experimental: true },
  // Of how a series moves
  rate: { args: ['matrix'], returns: 'vector' },
  increase: { args: ['matrix'], returns: 'vector' },
  delta: { args: ['matrix'], returns: 'vector' },
  irate: { args: ['matrix'], returns: 'vector' },
  idelta: { args: ['matrix'], returns: 'vector' },
  resets: { args: ['matrix'], returns: 'vector' },
  changes: { args: ['matrix'], returns: 'vector' },
  // Of the samples of a range
  sum_over_time: { args: ['matrix'], returns: 'vector' },
  avg_over_time: { args: ['matrix'], returns: 'vector' },
  count_over_time: { args: ['matrix'], returns: 'vector' },
  min_over_time: { args: ['matrix'], returns: 'vector' },
  max_over_time: { args: ['matrix'], returns: 'vector' },
  last_over_time: { args: ['matrix'], returns: 'vector' },
  first_over_time: { args: ['matrix'], returns: 'vector' },
  present_over_time: { args: ['matrix'], returns: 'vector' },
  stddev_over_time: { args: ['matrix'], returns: 'vector' },
  stdvar_over_time: { args: ['matrix'], returns: 'vector' },
  quantile_over_time: { args: ['scalar', 'matrix'], returns: 'vector' },
  mad_over_time: { args: ['matrix'], returns: 'vector', experimental: true },
  ts_of_first_over_time: { args: ['matrix'], returns: 'vector', experimental: true },
  ts_of_last_over_time: { args: ['matrix'], returns: 'vector', experimental: true },
  ts_of_min_over_time: { args: ['matrix'], returns: 'vector', experimental: true },
  ts_of_max_over_time: { args: ['matrix'], returns: 'vector', experimental: true },
  // A line or a curve through the samples of a range
  deriv: { args: ['matrix'], returns: 'vector' },
  predict_linear: { args: ['matrix', 'scalar'], returns: 'vector' },
  double_exponential_smoothing: {
    args: ['matrix', 'scalar', 'scalar'],
    returns: 'vector',
    experimental: true,
  },
  // Of labels
  label_replace: { args: ['vector', 'string', 'string', 'string', 'string'], returns: 'vector' },
  label_join: { args: ['vector', 'string', 'string', 'string'], variadic: -1, returns: 'vector' },
  // Between scalars and vectors, of presence, of order
  vector: { args: ['scalar'], returns: 'vector' },
  scalar: { args: ['vector'], returns: 'scalar' },
  absent: { args: ['vector'], returns: 'vector' },
  absent_over_time: { args: ['matrix'], returns: 'vector' },
  sort: { args: ['vector'], returns: 'vector' },
  sort_desc: { args: ['vector'], returns: 'vector' },
  sort_by_label: { args: ['vector', 'string'], variadic: -1, returns: 'vector', experimental: true },
  sort_by_label_desc: { args: ['vector', 'string'], variadic: -1, returns: 'vector', experimental: true },
  // Of histograms
  histogram_quantile: { args: ['scalar', 'vector'], returns: 'vector' },
  histogram_quantiles: {
    args: ['vector', 'string', 'scalar', 'scalar'],
    variadic: 9,
    returns: 'vector',
    experimental: true,
  },
  histogram_fraction: { args: ['scalar', 'scalar', 'vector'], returns: 'vector' },
  histogram_avg: { args: ['vector'], returns: 'vector' },
  histogram_count: { args: ['vector'], returns: 'vector' },
  histogram_sum: { args: ['vector'], returns: 'vector' },
  histogram_stddev: { args: ['vector'], returns: 'vector' },
  histogram_stdvar: { args: ['vector'], returns: 'vector' },
} as const satisfies Readonly<Record<string, Signature>>;

export type FunctionName = keyof typeof signatures;

const byName: ReadonlyMap<string, Signature> = new Map(Object.entries(signatures));

/** The signature of a function, undefined when there is no such function. */
export function signatureOf(name: string): Signature | undefined {
  return byName.get(name);
}
