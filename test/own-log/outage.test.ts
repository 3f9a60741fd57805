import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outage } from '../../src/own-log/outage.ts';
import { createFakeLog } from '../helpers/fake-log.ts';

test('an outage is logged once when it starts and once when it ends', () => {
  const log = createFakeLog();
  const outage = new Outage(log, 'MON_SCRAPE');
  outage.recovered(() => 'not down');
  for (let count = 0; count < 3; count++) outage.failed(() => ({ where: 'http://h/', got: 'refused' }));
  assert.ok(outage.isOn);
  for (let count = 0; count < 3; count++) outage.recovered(() => 'back');
  assert.ok(!outage.isOn);
  assert.equal(log.lines.length, 2);
  assert.match(log.lines[0] ?? '', /^WARNING .*scraping http:\/\/h\/ failed: refused/);
  assert.equal(log.lines[1], 'INFO back');
});

test('with a cause an outage is logged again where the cause changes', () => {
  const log = createFakeLog();
  const outage = new Outage(log, 'MON_SCRAPE');
  for (const got of ['a', 'a', 'b', 'b', 'a']) outage.failed(() => ({ where: 'x', got }), got);
  assert.equal(log.lines.length, 3);
});
