// A few kills; `npm run test:kills` has two hundred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFates } from '../helpers/record-fates.ts';

test('killed at random moments with a collector in six states: logged = delivered + kept', async (t) => {
  const fates = await recordFates(t, 6, 500);
  const { logged, delivered, refused, keptInSpool, missing, linesMissing, linesDoubled } = fates;
  assert.deepEqual(missing, []);
  assert.equal(delivered + refused + keptInSpool, logged);
  assert.ok(logged > 50 && delivered > 0, JSON.stringify(fates));
  assert.deepEqual([linesMissing, linesDoubled], [0, 0]);
});
