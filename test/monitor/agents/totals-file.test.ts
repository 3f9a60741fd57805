import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { serialize } from 'node:v8';
import { type KeptTotals, TotalsFile } from '../../../src/monitor/agents/totals-file.ts';
import { metric, seriesValue } from '../../helpers/snapshots.ts';

const requests = metric(0, 'requests_total');

function totals(count: number): KeptTotals {
  const values = [seriesValue({ metric: requests, labels: { path: '/a' }, numbers: [count] })];
  return { ended: values, processes: new Map([['p-1', values]]) };
}

function fileIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'totals-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'totals-1');
}

test('what one leader wrote the next reads, and only its user may', async (t) => {
  const path = fileIn(t);
  await new TotalsFile(path).write(totals(7));
  assert.deepEqual(new TotalsFile(path).read(), totals(7));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('without a file there are no totals, and after discarding them neither', async (t) => {
  const file = new TotalsFile(fileIn(t));
  assert.equal(file.read(), undefined);
  file.discard();
  await file.write(totals(1));
  file.discard();
  assert.equal(file.read(), undefined);
});

test('a file that was cut off at any byte, or holds something else, is no totals', async (t) => {
  const path = fileIn(t);
  const file = new TotalsFile(path);
  await file.write(totals(7));
  const whole = readFileSync(path);
  for (let size = 0; size < whole.length; size += 1) {
    writeFileSync(path, whole.subarray(0, size));
    assert.equal(file.read(), undefined, `${size} bytes`);
  }
  for (const other of [null, 7, {}, { ended: [], processes: {} }, { ended: 'x', processes: new Map() }]) {
    writeFileSync(path, serialize(other));
    assert.equal(file.read(), undefined);
  }
});

test('a reader sees the old or the new totals; of those handed in during a write the last are written next', async (t) => {
  const file = new TotalsFile(fileIn(t));
  await file.write(totals(1));
  const writes = [file.write(totals(2)), file.write(totals(3)), file.write(totals(4))];
  assert.deepEqual(file.read(), totals(1));
  await writes[0];
  await Promise.all(writes);
  assert.deepEqual(file.read(), totals(4));
  await file.write(totals(5));
  assert.deepEqual(file.read(), totals(5));
});

test('a folder that cannot be written to is no failure, and tried again', async (t) => {
  const path = fileIn(t);
  const file = new TotalsFile(join(path, 'missing', 'totals-1'));
  await assert.doesNotReject(file.write(totals(1)));
  await assert.doesNotReject(file.write(totals(2)));
  assert.ok(!existsSync(path));
  chmodSync(join(path, '..'), 0o700);
});
