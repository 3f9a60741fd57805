import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluateInstant, evaluateRange, parse } from '../../../../src/promql/index.ts';
import { Labels } from '../../../../src/samples/labels.ts';
import { SampleStore } from '../../../../src/samples/sample-store.ts';
import { MatrixText } from '../../../../src/monitor/http/api/matrix-text.ts';
import { QueryRunner } from '../../../../src/monitor/http/api/query-runner.ts';
import { ApiError } from '../../../../src/monitor/http/api/reply.ts';
import { seriesPage } from '../../../../src/monitor/http/api/series.ts';

function storeOf(count: number): SampleStore {
  const store = new SampleStore();
  for (let i = 0; i < count; i++) {
    const record = { __name__: 'queries_total', database: `db${i}`, type: 'SELECT', host: 'x'.repeat(100) };
    store.append(Labels.from(record), 1000, i);
  }
  return store;
}

/** A clock of which a millisecond goes by at each look. */
function lookedAt(): { readonly now: () => number; readonly looks: () => number } {
  let looks = 0;
  return { now: () => looks++, looks: () => looks };
}

const nested = (levels: number, call: (inner: string) => string): string =>
  Array.from({ length: levels }).reduce<string>(call, 'queries_total');

describe('M2 functions of labels are bounded in what they build', () => {
  const fails = (text: string, message: RegExp, options = {}): void =>
    assert.throws(() => evaluateInstant(parse(text), storeOf(500), 1000, options), message);

  test('one value, however it grows', () => {
    const doubled = (inner: string): string => `label_replace(${inner}, "a", "$1$1", "a", "(.*)")`;
    const grown = `label_replace(${nested(1, () => 'queries_total')}, "a", "0123456789", "", "")`;
    fails(Array.from({ length: 30 }).reduce<string>(doubled, grown), /label of more than 16384 characters/);
    fails(`label_replace(queries_total, "a", "${'$1'.repeat(1000)}", "host", "(.*)")`, /more than 16384/);
    fails(
      `label_join(queries_total, "a", "${'-'.repeat(1000)}"${', "host"'.repeat(240)})`,
      /more than 16384/,
    );
    fails(`label_join(queries_total, "${'a'.repeat(20_000)}", "", "host")`, /more than 16384/);
    fails(`count_values("${'a'.repeat(20_000)}", queries_total)`, /more than 16384/);
  });

  test('all label sets of an evaluation together, by whatever they are built', () => {
    const few = { maxLabelChars: 3000 };
    const tooMany = /too many labels into memory/;
    fails('label_replace(queries_total, "a", "b", "", "")', tooMany, few);
    fails('label_join(queries_total, "a", ",", "host")', tooMany, few);
    fails('count_values("value", queries_total)', tooMany, few);
    fails(
      'queries_total * on (database) group_left (extra) label_replace(queries_total, "extra", "1", "", "")',
      tooMany,
      { maxLabelChars: 120_000 },
    );
  });

  test('an error names the call in the expression', () => {
    assert.throws(
      () =>
        evaluateInstant(parse('1 + label_join(queries_total, "a", ",", "host")'), storeOf(500), 1000, {
          maxLabelChars: 10,
        }),
      { kind: 'evaluation', line: 1, column: 5 },
    );
  });

  test('operands that wait for the other side of a nested operation count as kept', () => {
    const text = `${'queries_total + ('.repeat(100)}queries_total${')'.repeat(100)}`;
    fails(text, /too many samples into memory/, { maxSamples: 20_000 });
  });
});

describe('M3 whatever takes long ends at its time', () => {
  test('nested label_replace with a costly pattern', () => {
    const pattern = '(.*)*.*(.*){100}(a|b|c|.){500}';
    const text = nested(30, (inner) => `label_replace(${inner}, "x", "$1", "host", "${pattern}")`);
    const { now, looks } = lookedAt();
    assert.throws(
      () => evaluateInstant(parse(text), storeOf(900), 1000, { now, timeoutMs: 20 }),
      /query timed out in expression evaluation/,
    );
    assert.ok(looks() <= 25, `${looks()} looks at the clock`);
  });

  test('a search with costly matchers', () => {
    const { now } = lookedAt();
    const expr = parse('{host=~"(x|y|z){0,200}a.*",database=~".*a.*b.*c.*d.*"}');
    assert.throws(
      () => evaluateInstant(expr, storeOf(900), 1000, { now, timeoutMs: 20 }),
      /query timed out in expression evaluation/,
    );
  });

  test('an expression that selects nothing', () => {
    const { now } = lookedAt();
    const expr = parse(`sum(${Array.from({ length: 400 }, () => 'vector(1)').join(' + ')})`);
    assert.throws(
      () => evaluateRange(expr, storeOf(1), 0, 1e9, 1000, { now, timeoutMs: 20 }),
      /query timed out in expression evaluation/,
    );
  });

  test('thousands of match[]: refused, and fewer give way to other work', async () => {
    const { looks, now: next } = lookedAt();
    const now = (): number => (next(), looks() / 100);
    let turns = 0;
    const store = storeOf(900);
    const runner = new QueryRunner({
      store,
      subqueryStepMs: 15_000,
      monotonicMs: now,
      yieldTurn: () => {
        turns++;
        return Promise.resolve();
      },
    });
    const search = { store, runner, monotonicMs: now };
    const asked = (count: number): URL =>
      new URL(
        `http://m/api/v1/series?${Array.from({ length: count }, (_, i) => `match[]={host=~"x*y${i}.*"}`).join('&')}`,
      );
    await assert.rejects(seriesPage(asked(8849), search), {
      type: 'bad_data',
      message: 'invalid parameter "match[]": more than 500 selectors',
    });
    await seriesPage(asked(400), search);
    assert.ok(turns > 400, `${turns} turns`);
  });

  test('labels that change at each step do not fill the answer', () => {
    const text = new MatrixText();
    const long = 'x'.repeat(10_000);
    const add = (i: number): void =>
      text.add({
        kind: 'matrix',
        series: [{ labels: Labels.from({ i: `${i}${long}` }), points: [{ timeMs: i, value: 1 }] }],
      });
    assert.throws(() => {
      for (let i = 0; i < 10_000; i++) add(i);
    }, ApiError);
  });
});

test('M3 rules are evaluated and pages made while 50 hostile queries run side by side', async () => {
  const store = storeOf(300);
  const rest = (): Promise<void> =>
    new Promise((done) => {
      setImmediate(done);
    });
  const runner = new QueryRunner({ store, subqueryStepMs: 15_000, rest });
  const hostile = [
    '{__name__=~".+",host=~"(x|y){0,500}a.*"}',
    nested(30, (inner) => `label_replace(${inner}, "x", "$1", "host", "(.*)*.*(.*){100}(a|b|c|.){500}")`),
    `{__name__=~"${Array.from({ length: 300 }, (_, i) => `.*[a-z_]{0,1000}x${i}.*`).join('|')}"}`,
    'count_over_time(count_values("v", queries_total)[10m:1s])',
    `${'queries_total * on (database, host) ('.repeat(80)}queries_total${')'.repeat(80)}`,
  ];
  const open = { count: 50 };
  const outcomes = Array.from({ length: 50 }, (_, i) => {
    const text = hostile[i % hostile.length]!;
    const source = (): ReturnType<typeof parse> => parse(text);
    const times = { fromMs: 0, toMs: 15_000, stepMs: 15_000 };
    const query =
      i % 2 === 0 ? runner.instant(source, 1000, 30_000) : runner.range(source, times, 30_000, () => {});
    return query
      .then(
        () => 'ok',
        (error: unknown) => (error as Error).constructor.name,
      )
      .finally(() => open.count--);
  });
  const expr = parse('sum(queries_total) > 0');
  let evaluations = 0;
  while (open.count > 0 && evaluations < 100_000) {
    const before = open.count;
    evaluateInstant(expr, store, 1000);
    evaluations++;
    await new Promise((done) => {
      setImmediate(done);
    });
    assert.ok(before - open.count <= 2, 'at most one query between two evaluations');
  }
  assert.ok(evaluations >= 50, `${evaluations} evaluations`);
  const other = (await Promise.all(outcomes)).filter(
    (name) => !['ok', 'ApiError', 'PromqlError'].includes(name),
  );
  assert.deepEqual(other, []);
});
