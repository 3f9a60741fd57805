// Two hundred kills, a quarter of an hour: `npm run test:kills`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFates } from '../helpers/record-fates.ts';

const KILLS = Number(process.env['KILLS'] ?? 200);

test(`killed ${KILLS} times: logged = delivered + refused and kept aside + kept, by record`, async (t) => {
  const fates = await recordFates(t, KILLS, 2500);
  const { logged, delivered, refused, keptInSpool, missing, linesMissing, linesDoubled } = fates;
  console.log(JSON.stringify({ ...fates, missing: missing.length }));
  assert.deepEqual(missing, []);
  assert.equal(delivered + refused + keptInSpool, logged);
  assert.ok(delivered > 0 && refused > 0);
  assert.deepEqual([linesMissing, linesDoubled], [0, 0]);
});
