// Our evaluator beside Prometheus 3.16 itself, over the same series. Needs `npm run stack:install -- prometheus promtool`.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Node, walk } from '../../../src/promql/syntax/ast.ts';
import { functionTable } from '../../../src/promql/functions/table.ts';
import { evaluateInstant, evaluateRange, type Evaluation, parse } from '../../../src/promql/index.ts';
import type { SampleStore } from '../../../src/samples/sample-store.ts';
import { type Answer, difference, hasPoints, ourAnswer, theirAnswer } from './answers.ts';
import { Expressions, spoil } from './expressions.ts';
import { type ApiAnswer, Prometheus } from './prometheus.ts';
import { Random } from './random.ts';
import { FIRST_MS, generateSeries, LAST_MS, openMetricsOf, storeOf } from './series.ts';

const programs = join(import.meta.dirname, '../../../.stack/bin');
const isBuilt = existsSync(join(programs, 'prometheus')) && existsSync(join(programs, 'promtool'));
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);
const WANTED = 2000;
const WRONG = 200;
/** At most this share of the expressions may have an empty answer. */
const EMPTY_SHARE = 0.2;

interface Query {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** 0: an instant query. */
  readonly stepMs: number;
}

function queryOf(text: string, random: Random): Query {
  const fromMs = FIRST_MS + 600_000 + random.below(LAST_MS - FIRST_MS - 900_000);
  if (!random.chance(0.25)) return { text, fromMs, toMs: fromMs, stepMs: 0 };
  return {
    text,
    fromMs,
    toMs: fromMs + random.below(600_000),
    stepMs: random.pick([15_000, 30_000, 60_000, 47_000]),
  };
}

function ask(store: SampleStore, { text, fromMs, toMs, stepMs }: Query): Answer {
  const options = { useStartTimestamps: false, timeoutMs: 60_000 };
  const evaluate = (): Evaluation => {
    const expr = parse(text, { experimental: true });
    if (stepMs === 0) return evaluateInstant(expr, store, fromMs, options);
    return evaluateRange(expr, store, fromMs, toMs, stepMs, options);
  };
  return ourAnswer(evaluate, fromMs);
}

/** Names of operators, aggregations and functions that occur below a node. */
function namesIn(root: Node): string[] {
  return [...walk(root)].flatMap((node) => {
    if (node.kind === 'call') return [node.name];
    return node.kind === 'binary' || node.kind === 'aggregate' ? [node.op] : [];
  });
}

describe(
  'the same series in Prometheus 3.16 and here',
  { skip: isBuilt ? false : 'prometheus is not built' },
  () => {
    const random = new Random(SEED);
    const series = generateSeries(random);
    const store = storeOf(series);
    const folder = mkdtempSync(join(tmpdir(), 'promql-differential-'));
    let prometheus: Prometheus;

    before(async () => {
      prometheus = await Prometheus.start(programs, folder, openMetricsOf(series));
    });
    after(async () => {
      await prometheus.stop();
      rmSync(folder, { recursive: true });
    });

    const theirs = async ({ text, fromMs, toMs, stepMs }: Query): Promise<ApiAnswer> =>
      stepMs === 0 ? prometheus.query(text, fromMs) : prometheus.queryRange(text, fromMs, toMs, stepMs);

    test(`${WANTED} random well-typed expressions have equal answers`, async () => {
      const expressions = new Expressions(random);
      const used = new Set<string>();
      const wrong: string[] = [];
      let empty = 0;
      for (let asked = 0; asked < WANTED;) {
        const query = queryOf(expressions.next(), random);
        const ours = ask(store, query);
        if (!hasPoints(ours)) {
          if (empty >= WANTED * EMPTY_SHARE) continue;
          empty++;
        }
        asked++;
        const different = difference(theirAnswer(await theirs(query)), ours);
        if (different !== undefined) wrong.push(`${JSON.stringify(query)}\n  ${different}`);
        for (const name of namesIn(parse(query.text, { experimental: true }).root)) used.add(name);
      }
      assert.deepEqual(wrong, []);
      const operators = '+ - * / % ^ atan2 == != > < >= <= and or unless'.split(' ');
      const aggregations =
        'sum avg min max count group stddev stdvar topk bottomk quantile count_values'.split(' ');
      const functions = [...functionTable.keys()].filter((name) => !UNASKED.has(name));
      assert.deepEqual(
        [...operators, ...aggregations, ...functions].filter((name) => !used.has(name)),
        [],
        'these never occurred',
      );
    });

    test(`${WRONG} wrong expressions have equal errors`, async () => {
      const expressions = new Expressions(random);
      const wrong: string[] = [];
      for (let asked = 0; asked < WRONG;) {
        const query = queryOf(spoil(expressions.next(), random), random);
        const ours = ask(store, query);
        if (ours.kind !== 'error') continue;
        asked++;
        const different = difference(theirAnswer(await theirs(query)), ours);
        if (different !== undefined) wrong.push(`${JSON.stringify(query)}\n  ${different}`);
      }
      assert.deepEqual(wrong, []);
    });
  },
);

/**
 * Functions that the comparison leaves out: those of native histograms, of which only one is asked, and those whose
 * answer is an order, or a start timestamp, which the query API does not show.
 */
const UNASKED = new Set([
  'histogram_avg',
  'histogram_sum',
  'histogram_stddev',
  'histogram_stdvar',
  'sort',
  'sort_desc',
  'sort_by_label_desc',
  'start_timestamp',
]);
