import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Labels } from '../../../src/samples/labels.ts';
import { Rig } from '../../helpers/alerts/rig.ts';

const BREACH = '- {name: Breach, condition: "increase(breaches_total[1m]) > 0"}';

test('strict rules do not see the first increment of a counter, as a Prometheus without further features', async () => {
  const rig = new Rig({ rules: BREACH, overrides: { useStartTimestamps: false } });
  await rig.at(0);
  await rig.count('breaches_total').at(15);
  await rig.at(30);
  assert.deepEqual(rig.alerts, []);
  await rig.count('breaches_total').at(45);
  assert.deepEqual(rig.alerts, ['Breach firing']);
});

test('what templates query is strict as well', async () => {
  const rules =
    '- {name: A, condition: "temperature > 0", description: \'{{ with query "increase(breaches_total[1m])" }}{{ . | first | value }}{{ else }}none{{ end }}\'}';
  const notified = async (useStartTimestamps: boolean): Promise<string | undefined> => {
    const rig = new Rig({ rules, overrides: { useStartTimestamps } });
    await rig.gauge('temperature', 1).count('breaches_total', 3).at(15);
    return rig.list.messages[0]?.firing[0]?.annotations['description'];
  };
  assert.equal(await notified(false), 'none');
  assert.match((await notified(true)) ?? '', /^3/);
});

test('series that nobody writes any more are forgotten at an evaluation after the retention', async () => {
  const rig = new Rig({ rules: BREACH });
  const once = Labels.from({ __name__: 'once' });
  rig.store.append(once, rig.nowMs, 1, 0, 'a target that was taken away');
  await rig.until(900);
  assert.equal(rig.store.hasMetric('once'), true);
  // A quarter of an hour and two intervals.
  await rig.until(945);
  assert.equal(rig.store.hasMetric('once'), false);
});
