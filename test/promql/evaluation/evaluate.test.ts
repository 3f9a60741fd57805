import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  annotationText,
  evaluateInstant,
  evaluateRange,
  type EvaluationOptions,
  longestRangeMs,
  parse,
  print,
  PromqlError,
  selectorsOf,
  type Value,
} from '../../../src/promql/index.ts';
import { functionTable } from '../../../src/promql/functions/table.ts';
import { Labels } from '../../../src/samples/labels.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';

const MINUTE = 60_000;

/** Ten minutes of a counter that rises by one each minute, with a start one minute before its first sample. */
function filled(): SampleStore {
  const store = new SampleStore({ retentionMs: 3_600_000 });
  const labels = Labels.from({ __name__: 'jobs_total', queue: 'a' });
  for (let i = 1; i <= 10; i++) store.append(labels, i * MINUTE, i, 30_000);
  return store;
}

function numberAt(text: string, timeMs: number, options?: EvaluationOptions): number | undefined {
  const { value } = evaluateInstant(parse(text), filled(), timeMs, options);
  if (value.kind === 'scalar') return value.value;
  return value.kind === 'vector' ? value.samples[0]?.value : undefined;
}

test('the lookback is five minutes by default', () => {
  assert.equal(numberAt('jobs_total', 15 * MINUTE - 1), 10);
  assert.equal(numberAt('jobs_total', 15 * MINUTE), undefined);
  assert.equal(numberAt('jobs_total', 11 * MINUTE, { lookbackMs: MINUTE }), undefined);
});

test('start timestamps count the first increment unless strict behaviour is asked for', () => {
  assert.equal(numberAt('increase(jobs_total[2m])', MINUTE), 1);
  assert.equal(numberAt('increase(jobs_total[2m])', MINUTE, { useStartTimestamps: false }), undefined);
});

test('a subquery without a step takes that of the evaluation', () => {
  assert.equal(numberAt('count_over_time(jobs_total[4m:])', 6 * MINUTE), 4);
  assert.equal(numberAt('count_over_time(jobs_total[4m:])', 6 * MINUTE, { subqueryStepMs: 30_000 }), 8);
});

test('an evaluation that takes too long fails', () => {
  let nowMs = 0;
  const now = (): number => nowMs++;
  const run = (timeoutMs: number): unknown =>
    numberAt('count_over_time(jobs_total[10m:10ms])', 10 * MINUTE, { now, timeoutMs });
  assert.throws(() => run(20), /query timed out in expression evaluation/);
  assert.equal(run(1000), 54_001);
});

test('an evaluation that would load too much fails', () => {
  assert.throws(
    () => numberAt('sum_over_time(jobs_total[10m])', 10 * MINUTE, { maxSamples: 5 }),
    /too many samples into memory/,
  );
  assert.throws(
    () => numberAt('sum_over_time(jobs_total[10m:1s])', 10 * MINUTE, { maxSamples: 500 }),
    /too many samples into memory/,
  );
});

test('a range query gives each series its points, and ends where it should', () => {
  const expr = parse('jobs_total > 2');
  const { value } = evaluateRange(expr, filled(), MINUTE, 4.5 * MINUTE, MINUTE);
  assert.equal(value.series.length, 1);
  assert.equal(value.series[0]!.labels.toString(), 'jobs_total{queue="a"}');
  assert.deepEqual(value.series[0]!.points, [
    { timeMs: 3 * MINUTE, value: 3 },
    { timeMs: 4 * MINUTE, value: 4 },
  ]);
});

test('a range query of a range vector or of no step is refused', () => {
  const range = (text: string, stepMs: number): unknown =>
    evaluateRange(parse(text), filled(), 0, MINUTE, stepMs);
  assert.throws(
    () => range('jobs_total[5m]', MINUTE),
    /invalid expression type "range vector" for range query, must be Scalar or instant Vector/,
  );
  assert.throws(() => range('jobs_total', 0), /zero or negative query resolution step/);
});

test('an instant query may answer with a range vector or a string', () => {
  const at = (text: string): Value => evaluateInstant(parse(text), filled(), 3 * MINUTE).value;
  const matrix = at('jobs_total[2m]');
  assert.equal(matrix.kind, 'matrix');
  assert.deepEqual(
    matrix.series[0]!.points.map((point) => point.value),
    [2, 3],
  );
  assert.deepEqual(at('"a"'), { kind: 'string', value: 'a' });
});

test('an error of an evaluation names the position in the expression', () => {
  assert.throws(
    () => numberAt('1 +\n topk(NaN, jobs_total)', MINUTE),
    (error) => {
      assert.ok(error instanceof PromqlError);
      assert.deepEqual([error.kind, error.line, error.column], ['evaluation', 2, 2]);
      assert.equal(error.toString(), '2:2: Parameter value is NaN');
      return true;
    },
  );
});

test('an annotation has line and column, and comes once', () => {
  const expr = parse('sum(\n  quantile_over_time(2, jobs_total[5m])\n)');
  const { annotations } = evaluateInstant(expr, filled(), 5 * MINUTE);
  assert.deepEqual(annotations.map(annotationText), [
    'PromQL warning: quantile value should be between 0 and 1, got 2 (2:22)',
  ]);
});

test('a function of native histograms has an annotation and an empty result', () => {
  const { value, annotations } = evaluateInstant(parse('histogram_avg(jobs_total)'), filled(), MINUTE);
  assert.deepEqual(value, { kind: 'vector', samples: [] });
  assert.match(annotations[0]!.message, /histogram_avg works on native histograms only/);
});

test('the same expression is evaluated again when series come and go', () => {
  const store = filled();
  const expr = parse('count by (queue) (jobs_total) + on (queue) group_left sum by (queue) (jobs_total)');
  const results = (): string[] => {
    const { value } = evaluateInstant(expr, store, 10 * MINUTE);
    return value.kind === 'vector'
      ? value.samples.map((sample) => `${sample.labels.toString()} ${sample.value}`)
      : [];
  };
  assert.deepEqual(results(), ['{queue="a"} 11']);
  store.append(Labels.from({ __name__: 'jobs_total', queue: 'b' }), 10 * MINUTE, 5);
  assert.deepEqual(results(), ['{queue="a"} 11', '{queue="b"} 6']);
});

test('an expression as long and as deep as allowed still evaluates', () => {
  const text = `${'(1 + '.repeat(120)}jobs_total${')'.repeat(120)}${' + 1'.repeat(370)}`;
  assert.equal(numberAt(text, MINUTE), 491);
  assert.equal(parse(print(parse(text))).type, 'vector');
});

test('a duration may be computed from the step of the query', () => {
  const expr = parse('count_over_time(jobs_total[step() * 2])');
  const { value } = evaluateRange(expr, filled(), 4 * MINUTE, 6 * MINUTE, MINUTE);
  assert.deepEqual(
    value.series[0]!.points.map((point) => point.value),
    [2, 2, 2],
  );
  assert.throws(() => evaluateInstant(expr, filled(), MINUTE), /duration must be greater than 0/);
});

test('the reach of an expression is that of its deepest path', () => {
  const reach = (text: string): number => longestRangeMs(parse(text)) / MINUTE;
  assert.equal(reach('1 + time()'), 0);
  assert.equal(reach('x'), 5);
  assert.equal(reach('x offset 10m'), 15);
  assert.equal(reach('rate(x[30m]) + rate(y[5m] offset 1h)'), 65);
  assert.equal(reach('max_over_time(rate(x[5m])[1h:1m] offset 10m)'), 76);
  assert.equal(reach('rate(x[2m * 10])'), 20);
  assert.equal(reach('rate(x[20m] anchored)'), 25);
});

test('the selectors of an expression come in the order of the text', () => {
  const expr = parse('sum(rate(a_total{b="c"}[5m])) / on () ({__name__=~"d.*"} or e)');
  assert.deepEqual(
    selectorsOf(expr).map(({ name, matchers, start, end }) => [
      name,
      matchers.map((matcher) => `${matcher.name}${matcher.op}${matcher.value}`),
      expr.text.slice(start, end),
    ]),
    [
      ['a_total', ['b=c', '__name__=a_total'], 'a_total{b="c"}'],
      ['', ['__name__=~d.*'], '{__name__=~"d.*"}'],
      ['e', ['__name__=e'], 'e'],
    ],
  );
});

test('every function of Prometheus 3.16 that is not experimental is there', () => {
  const stable =
    'abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes clamp clamp_max clamp_min ' +
    'cos cosh count_over_time day_of_month day_of_week day_of_year days_in_month deg delta deriv exp first_over_time floor ' +
    'histogram_avg histogram_count histogram_fraction histogram_quantile histogram_stddev histogram_stdvar histogram_sum ' +
    'hour idelta increase irate label_join label_replace last_over_time ln log10 log2 max_over_time min_over_time minute ' +
    'month pi predict_linear present_over_time quantile_over_time rad rate resets round scalar sgn sin sinh sort sort_desc ' +
    'sqrt stddev_over_time stdvar_over_time sum_over_time tan tanh time timestamp vector year';
  for (const name of stable.split(' ')) {
    assert.equal(functionTable.get(name)?.experimental ?? false, false, name);
    assert.ok(functionTable.has(name), name);
  }
});
