import assert from 'node:assert/strict';
import { test } from 'node:test';
import { added, budget, median, ratio, runBench, table, type Bench } from './harness.ts';

test('the median of an even number of values is the middle of the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

test('what is added is compared within each round, so that a slow round does not count twice', () => {
  const rounds = [
    { bare: { us: 10 }, ours: { us: 13 } },
    { bare: { us: 50 }, ours: { us: 54 } },
    { bare: { us: 11 }, ours: { us: 13 } },
  ];
  assert.equal(added(rounds, 'us'), 3);
  assert.equal(ratio(rounds, 'us', 'ours', 'bare'), 13 / 11);
});

function recorder(ran: string[], values: Readonly<Record<string, number>>): Bench {
  return {
    name: 'example',
    title: 'Example',
    unit: 'µs',
    measures: { us: 'all threads', mib: 'memory' },
    variants: ['bare', 'ours', 'peer'],
    runs: 5,
    async measure(variant) {
      ran.push(variant);
      return { us: (values[variant] ?? 0) + ran.length / 1000, mib: 1 };
    },
    budgets: (rounds) => [budget('added', 5, added(rounds, 'us'))],
  };
}

test('variants run in turn, every other round backwards', async () => {
  const ran: string[] = [];
  await runBench(recorder(ran, {}), 3, () => undefined);
  assert.equal(ran.join(' '), 'bare ours peer peer ours bare bare ours peer');
});

test('the report holds medians by variant and is ok exactly when each budget is kept', async () => {
  const kept = recorder([], { bare: 10, ours: 14, peer: 30 });
  const report = await runBench(kept, 5, () => undefined);
  assert.deepEqual(Object.keys(report), ['bench', 'unit', 'runs', 'results', 'details', 'budgets', 'ok']);
  assert.deepEqual(report.results, { bare: 10.01, ours: 14.01, peer: 30.01 });
  assert.deepEqual(report.budgets, [{ name: 'added', limit: 5, value: 4, ok: true }]);
  assert.equal(report.ok, true);

  const broken = await runBench(recorder([], { bare: 10, ours: 17 }), 5, () => undefined);
  assert.equal(broken.ok, false);
  assert.match(table(kept, broken), /^NOT OK added: 7, at most 5$/m);
});

test('a measurement that is not a number keeps no budget', async () => {
  const bench: Bench = { ...recorder([], {}), measure: async () => ({ us: Number.NaN, mib: 1 }) };
  const report = await runBench(bench, 5, () => undefined);
  assert.equal(report.ok, false);
  assert.match(table(bench, report), /^bare\s+–\s+1\.0$/m);
});
