import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../../../src/promql/index.ts';
import { Labels } from '../../../../src/samples/labels.ts';
import { SampleStore } from '../../../../src/samples/sample-store.ts';
import { QueryRunner } from '../../../../src/monitor/http/api/query-runner.ts';

const TIMES = { fromMs: 0, toMs: 60_000, stepMs: 15_000 };

test('a range query of what has no range is bad data, not a failed execution', async () => {
  const runner = new QueryRunner({ store: new SampleStore(), subqueryStepMs: 15_000 });
  await assert.rejects(
    runner.range(parse('"text"'), TIMES, 1000, () => undefined),
    {
      type: 'bad_data',
      message: 'invalid expression type "string" for range query, must be Scalar or instant Vector',
    },
  );
});

test('start timestamps count by default', async () => {
  const store = new SampleStore();
  store.append(Labels.from({ __name__: 'breaches_total' }), 60_000, 2, 30_000);
  const expr = parse('increase(breaches_total[1m])');
  const seriesOf = async (useStartTimestamps?: boolean): Promise<number> => {
    const settings = useStartTimestamps === undefined ? {} : { useStartTimestamps };
    const runner = new QueryRunner({ store, subqueryStepMs: 15_000, ...settings });
    const { value } = await runner.instant(expr, 60_000, 1000);
    return value.kind === 'vector' ? value.samples.length : Number.NaN;
  };
  assert.equal(await seriesOf(), 1);
  assert.equal(await seriesOf(true), 1);
  assert.equal(await seriesOf(false), 0);
});
