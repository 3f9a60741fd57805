import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MonitoringError } from '../../../src/errors.ts';
import { evaluatorMetrics } from '../../../src/alerts/evaluation/evaluator-metrics.ts';
import { readRuleFile } from '../../../src/alerts/rules/files/read-rule-file.ts';
import { MemoryStateFile, Rig } from '../../helpers/alerts/rig.ts';

const HOT =
  '- {name: Hot, condition: temperature > 30, duration: 30s, severity: warning, description: "{{ $value }} degrees"}';

describe('from a measurement to people', () => {
  test('a gauge over its limit: pending, firing, sent, resolved, sent', async () => {
    const rig = new Rig({ rules: HOT });
    await rig.gauge('temperature', 20).at(0);
    assert.deepEqual(rig.alerts, []);
    await rig.gauge('temperature', 35).at(15);
    assert.deepEqual(rig.alerts, ['Hot pending']);
    await rig.at(30);
    await rig.at(45);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    assert.deepEqual(rig.list.sent, ['Hot |']);
    const [alert] = rig.list.messages[0]!.firing;
    assert.deepEqual(
      { ...alert, id: undefined },
      {
        kind: 'firing',
        id: undefined,
        name: 'Hot',
        labels: { severity: 'warning' },
        annotations: { description: '35 degrees' },
        value: 35,
        activeAtMs: Rig.beginMs + 15_000,
        firedAtMs: Rig.beginMs + 45_000,
        evaluatedAtMs: Rig.beginMs + 45_000,
        rule: { expr: 'temperature > 30', forMs: 30_000, where: 'rules.yml:1:3' },
      },
    );
    await rig.gauge('temperature', 25).at(60);
    assert.deepEqual(rig.list.sent, ['Hot |', '| Hot']);
    await rig.until(3000);
    assert.equal(rig.list.messages.length, 2);
    assert.deepEqual(rig.alerts, []);
    const said = rig.log.lines.filter((line) => line.includes('alert'));
    assert.deepEqual(said, [
      'WARNING alert firing: Hot {severity="warning"} 35 degrees',
      'INFO alert resolved: Hot {severity="warning"} 35 degrees',
    ]);
  });

  test('the first increment of a counter counts', async () => {
    const rig = new Rig({ rules: '- {name: Breach, condition: "increase(breaches_total[1m]) > 0"}' });
    await rig.at(0);
    await rig.count('breaches_total').at(15);
    assert.deepEqual(rig.alerts, ['Breach firing']);
    await rig.until(75);
    assert.deepEqual(rig.alerts, ['Breach resolved']);
  });

  test('one alert for each series, with its labels', async () => {
    const rig = new Rig({
      rules: '- {name: Hot, condition: temperature > 30, labels: {room: "{{ $labels.room }}!"}}',
    });
    await rig.gauge('temperature', 35, { room: 'a' }).gauge('temperature', 36, { room: 'b' }).at(0);
    assert.deepEqual(
      rig.list.messages[0]?.firing.map(({ labels }) => labels),
      [{ room: 'a!' }, { room: 'b!' }],
    );
  });

  test('rules see what earlier rules of the same evaluation wrote, ALERTS included', async () => {
    const rig = new Rig({
      rules: `
groups:
- name: g
  rules:
  - {record: "room:temperature:max", expr: max(temperature), labels: {kind: max}}
  - {alert: Hot, expr: "room:temperature:max{kind='max'} > 30"}
  - {alert: Any, expr: 'count(ALERTS{alertstate="firing",alertname="Hot"}) > 0'}
  - {alert: Since, expr: "ALERTS_FOR_STATE{alertname='Hot'} > 0"}
`,
    });
    await rig.gauge('temperature', 35).at(0);
    assert.deepEqual(rig.alerts, ['Hot firing', 'Any firing', 'Since firing']);
    assert.equal(
      rig.list.messages.find(({ firing }) => firing[0]?.name === 'Since')?.firing[0]?.value,
      Rig.beginMs / 1000,
    );
    await rig.gauge('temperature', 20).at(15);
    assert.deepEqual(rig.alerts, ['Hot resolved', 'Any resolved', 'Since resolved']);
  });

  test('a rule that fails is reported once, keeps its alerts, and the others go on', async () => {
    const rig = new Rig({
      rules: `
- {name: Same, condition: temperature > 30, labels: {room: ""}}
- {name: Hot, condition: temperature > 30}
`,
    });
    await rig.gauge('temperature', 35, { room: 'a' }).at(0);
    assert.deepEqual(rig.alerts, ['Same firing', 'Hot firing']);
    await rig.gauge('temperature', 35, { room: 'b' }).at(15);
    assert.deepEqual(rig.alerts, ['Same firing', 'Hot firing', 'Hot firing']);
    const [same] = rig.evaluator.status().groups[0]!.rules;
    assert.equal(same?.health, 'error');
    assert.equal(same?.error, 'vector contains metrics with the same labelset after applying alert labels');
    assert.ok(rig.log.lines.some((line) => line.includes('[MON_RULE_EVALUATION] rules.yml:2:3 (Same)')));
    assert.equal(rig.evaluator.status().ruleFailures, 1);
  });

  test('more alerts than the limit of the group: reported, and nothing is resolved', async () => {
    const rig = new Rig({
      rules: 'groups: [{name: g, limit: 1, rules: [{alert: Hot, expr: temperature > 30}]}]',
    });
    await rig.gauge('temperature', 35, { room: 'a' }).at(0);
    await rig.gauge('temperature', 35, { room: 'b' }).at(15);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    assert.equal(rig.evaluator.status().groups[0]?.rules[0]?.error, 'exceeded limit of 1 with 2 alerts');
    assert.deepEqual(rig.list.sent, ['Hot |']);
  });

  test('a template that fails becomes a text, and the alert fires', async () => {
    const rig = new Rig({
      rules: '- {name: Hot, condition: temperature > 30, description: "{{ gt $value 3 }}"}',
    });
    await rig.gauge('temperature', 35).at(0);
    assert.match(
      rig.list.messages[0]?.firing[0]?.annotations['description'] ?? '',
      /^<error expanding template: 1:4: error calling gt: incompatible types for comparison/,
    );
  });

  test('templates can ask for other series', async () => {
    const rig = new Rig({
      rules: `- {name: Hot, condition: temperature > 30, description: '{{ range query "humidity" }}{{ .Labels.room }}={{ .Value }}{{ end }}'}`,
    });
    await rig.gauge('temperature', 35).gauge('humidity', 60, { room: 'a' }).at(0);
    assert.equal(rig.list.messages[0]?.firing[0]?.annotations['description'], 'a=60');
  });
});

describe('times', () => {
  test('groups are evaluated at whole multiples of their intervals, with one collection for all that are due', async () => {
    let collections = 0;
    const rig = new Rig({
      rules: `
- {name: Fast, condition: temperature > 30, interval: 5s}
- {name: Slow, condition: temperature > 30, interval: 1m}
`,
    });
    const counted = new Rig({
      rules: `
- {name: Fast, condition: temperature > 30, interval: 5s}
- {name: Slow, condition: temperature > 30, interval: 1m}
`,
      metrics: {
        meter: rig.metrics.meter,
        collect: () => {
          collections++;
          return rig.metrics.collect();
        },
      },
    });
    for (let second = 0; second <= 60; second++) await counted.at(second);
    const [fast, slow] = counted.evaluator.status().groups;
    assert.deepEqual(
      fast?.rules[0]?.history.map(({ atMs }) => (atMs - Rig.beginMs) / 1000),
      [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60],
    );
    assert.deepEqual(
      slow?.rules[0]?.history.map(({ atMs }) => (atMs - Rig.beginMs) / 1000),
      [0, 60],
    );
    assert.equal(collections, 13);
  });

  test('evaluations that did not take place are counted', async () => {
    const rig = new Rig({ rules: HOT });
    await rig.at(0);
    await rig.at(15);
    await rig.at(92);
    const [group] = rig.evaluator.status().groups;
    assert.equal(group?.missed, 4);
    assert.equal(group?.lastEvaluationMs, Rig.beginMs + 90_000);
  });

  test('a duration is counted in slots, however late an evaluation comes', async () => {
    const rig = new Rig({ rules: HOT });
    rig.gauge('temperature', 35);
    await rig.at(0.9);
    await rig.at(15.2);
    assert.deepEqual(rig.alerts, ['Hot pending']);
    await rig.at(30.1);
    assert.deepEqual(rig.alerts, ['Hot firing']);
  });

  test('a clock that is set back by an hour: alerts stay, and go on on the new clock', async () => {
    const rig = new Rig({ rules: HOT, second: 7200 });
    await rig.gauge('temperature', 35).at(7200);
    await rig.until(7245);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    await rig.at(3600);
    assert.ok(rig.log.lines.some((line) => line.includes('the clock jumped back by 36')));
    await rig.until(3660);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    await rig.gauge('temperature', 20).until(3690);
    assert.deepEqual(rig.list.sent, ['Hot |', '| Hot']);
  });

  test('two calls at once are one evaluation', async () => {
    const rig = new Rig({ rules: HOT });
    const first = rig.evaluator.runOnce(rig.nowMs);
    assert.equal(rig.evaluator.runOnce(rig.nowMs), first);
    await first;
    assert.equal(rig.evaluator.status().groups[0]?.rules[0]?.history.length, 1);
  });

  test('started, it evaluates by itself and keeps no process alive', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Rig.beginMs + 4000 });
    const seen: number[] = [];
    const rig = new Rig({
      rules: HOT,
      overrides: { now: Date.now },
    });
    const collect = rig.metrics.collect;
    const watched = new Rig({
      rules: HOT,
      overrides: {
        now: Date.now,
        collect: () => {
          seen.push(Date.now() - Rig.beginMs);
          return collect();
        },
      },
    });
    watched.evaluator.start();
    for (let second = 0; second < 40; second++) {
      t.mock.timers.tick(1000);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
    assert.deepEqual(seen, [15_000, 30_000]);
    watched.evaluator.stop();
    t.mock.timers.tick(60_000);
    assert.deepEqual(seen, [15_000, 30_000]);
  });
});

describe('when something fails', () => {
  test('a collection that fails changes no alert and is reported once', async () => {
    let fails = false;
    const source = new Rig({});
    const rig = new Rig({
      rules: HOT,
      metrics: {
        meter: source.metrics.meter,
        collect: () => (fails ? Promise.reject(new Error('gone')) : source.metrics.collect()),
      },
    });
    await rig.gauge('temperature', 35).at(0);
    await rig.until(30);
    fails = true;
    await rig.until(900);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    assert.equal(rig.evaluator.status().collectFailures, 58);
    assert.equal(rig.evaluator.status().groups[0]?.missed, 58);
    fails = false;
    await rig.gauge('temperature', 20).until(915);
    assert.deepEqual(rig.list.sent, ['Hot |', '| Hot']);
  });

  test('a collection that never answers is given up', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const rig = new Rig({ rules: HOT, overrides: { collect: () => new Promise<ResourceMetrics>(() => {}) } });
    const run = rig.evaluator.runOnce(rig.nowMs);
    t.mock.timers.tick(10_000);
    await run;
    assert.ok(rig.log.lines.some((line) => line.includes('no answer within 10000 ms')));
  });

  test('a state file that cannot be written is reported, and evaluation goes on', async () => {
    const stateFile = new MemoryStateFile();
    stateFile.save = () => {
      throw new Error('ENOSPC: no space left on device');
    };
    const rig = new Rig({ rules: '- {name: Hot, condition: temperature > 30}', stateFile });
    await rig.gauge('temperature', 35).at(0);
    assert.deepEqual(rig.list.sent, ['Hot |']);
    assert.ok(rig.log.lines.some((line) => line.includes('[MON_ALERT_STATE_WRITE] state.json: ')));
  });

  test('series beyond what the store takes are reported', async () => {
    const { SampleStore } = await import('../../../src/samples/sample-store.ts');
    const store = new SampleStore({ maxSeries: 3 });
    const rig = new Rig({ rules: HOT, overrides: { store } });
    for (let i = 0; i < 5; i++) rig.gauge('temperature', 1, { i: String(i) });
    await rig.at(0);
    assert.ok(rig.log.lines.some((line) => line.includes('[MON_RULES_STORE]')));
    const dropped = evaluatorMetrics(rig.evaluator).find(({ name }) => name.includes('dropped'));
    assert.equal(dropped?.read(), 2);
  });
});

describe('rules that change', () => {
  test('a reload keeps the alerts of rules that stay and resolves those of rules that go', async () => {
    const two = '- {name: Hot, condition: temperature > 30}\n- {name: Warm, condition: temperature > 20}\n';
    const rig = new Rig({ rules: two });
    await rig.gauge('temperature', 35).at(0);
    assert.deepEqual(rig.list.sent, ['Hot |', 'Warm |']);
    rig.evaluator.setGroups(
      readRuleFile('rules.yml', '- {name: Warm, condition: temperature > 25}\n').groups,
    );
    assert.deepEqual(rig.alerts, ['Warm firing']);
    await rig.until(60);
    assert.deepEqual(rig.list.sent, ['Hot |', 'Warm |', '| Hot']);
  });

  test('a rule of the program is evaluated beside those of files, and stays over a reload', async () => {
    const rig = new Rig({ rules: HOT });
    const rule = {
      condition: 'temperature > 30',
      duration: '0s',
      severity: 'page',
      description: '',
      labels: {},
    };
    rig.evaluator.addRule({ name: 'Mine', ...rule });
    rig.evaluator.addRule({ name: 'Often', ...rule, interval: '5s' });
    rig.evaluator.setGroups([]);
    await rig.gauge('temperature', 35).at(0);
    assert.deepEqual(rig.alerts, ['Mine firing', 'Often firing']);
    assert.deepEqual(
      rig.evaluator.status().groups.map(({ name, origin, intervalMs }) => [name, origin, intervalMs]),
      [
        ['program', 'program', 15_000],
        ['program every 5s', 'program', 5000],
      ],
    );
    assert.throws(
      () => rig.evaluator.addRule({ name: 'Bad', ...rule, condition: 'x >' }),
      (error: unknown) => {
        assert.ok(error instanceof MonitoringError);
        assert.equal(error.code, 'MON_RULE');
        assert.match(error.message, /rule "Bad", condition:1:\d+: expected a PromQL expression, got /);
        return true;
      },
    );
  });

  test('every metric is kept for a quarter of an hour, and those that rules look back at as long as these do', async () => {
    const rig = new Rig({
      rules: '- {name: A, condition: "min_over_time(temperature[1h]) > 30"}',
    });
    assert.equal(rig.store.retentionMs, 900_000 + 30_000);
    for (let i = 0; i < 10; i++) rig.gauge(`other_${i}`, 1);
    await rig.gauge('temperature', 31).at(0);
    await rig.until(2 * 3600);
    // Thirteen series for about 20 minutes and one for about 80, with the slack of the buffers; 4,160 if all were kept.
    const { samples } = rig.evaluator.status().store;
    assert.ok(samples < 1700, `${samples} samples`);
    await rig.gauge('temperature', 29).at(2 * 3600 + 15);
    await rig.gauge('temperature', 31).until(3 * 3600);
    assert.deepEqual(rig.alerts, []);
    await rig.until(3 * 3600 + 30);
    assert.deepEqual(rig.alerts, ['A firing']);
  });

  test('a longer range after a reload sees what was kept before', async () => {
    const rig = new Rig({
      rules: '- {name: A, condition: "count_over_time(temperature[1m]) > 100"}',
    });
    await rig.gauge('temperature', 31).at(0);
    await rig.until(600);
    const longer = '- {name: A, condition: "count_over_time(temperature[1h]) > 40"}';
    rig.evaluator.setGroups(readRuleFile('rules.yml', longer).groups);
    await rig.until(615);
    assert.deepEqual(rig.alerts, ['A firing']);
  });

  test('a range beyond what is kept at all is reported', () => {
    const far = new Rig({ rules: '- {name: A, condition: "rate(x[30d]) > 0"}' });
    assert.equal(far.store.retentionMs, 900_000 + 30_000);
    assert.ok(far.log.lines.some((line) => line.includes('look back 30d, but samples are kept for 6h')));
  });

  test('between the common collections only what the fast rules select is kept', async () => {
    const rig = new Rig({
      rules:
        '- {name: Fast, condition: temperature > 30, interval: 5s}\n- {name: Slow, condition: "count_over_time(other[1m]) > 0"}',
    });
    await rig.gauge('temperature', 1).gauge('other', 1).at(0);
    await rig.until(60, 5);
    const names = new Map<string, number>();
    for (const { from, to, labels } of rig.store.select([], 0, 0)) names.set(labels.metricName, to - from);
    assert.equal(names.get('temperature'), 13);
    assert.equal(names.get('other'), 5);
    const slow = rig.list.messages.flatMap(({ firing }) => firing).find(({ name }) => name === 'Slow');
    assert.equal(slow?.value, 1);
    assert.deepEqual(rig.alerts, ['Slow firing']);
  });
});

test('the metrics of the evaluator', async () => {
  const rig = new Rig({ rules: HOT });
  await rig.gauge('temperature', 35).at(0);
  const read = (wanted: string): unknown =>
    evaluatorMetrics(rig.evaluator)
      .find(({ name }) => name === wanted)
      ?.read();
  assert.deepEqual(read('ALERTS'), [
    { labels: { alertname: 'Hot', alertstate: 'pending', severity: 'warning' }, value: 1 },
  ]);
  await rig.until(30);
  assert.deepEqual(read('ALERTS'), [
    { labels: { alertname: 'Hot', alertstate: 'firing', severity: 'warning' }, value: 1 },
  ]);
  assert.deepEqual(read('monitoring_notifications_total'), [
    { labels: { channel: 'list', result: 'delivered' }, value: 1 },
    { labels: { channel: 'list', result: 'failed' }, value: 0 },
  ]);
  assert.deepEqual(read('monitoring_notifications_waiting'), [{ labels: { channel: 'list' }, value: 0 }]);
  assert.deepEqual(read('monitoring_rule_evaluations_missed_total'), [
    { labels: { group: 'rules' }, value: 0 },
  ]);
  assert.equal(read('monitoring_rule_failures_total'), 0);
  // temperature, and ALERTS pending and firing, ALERTS_FOR_STATE
  assert.equal(read('monitoring_rule_series'), 4);
});

test('ALERTS among the collected metrics does not come back into the store', async () => {
  const rig = new Rig({ rules: HOT });
  await rig
    .gauge('temperature', 35)
    .gauge('ALERTS', 1, { alertname: 'Hot', alertstate: 'pending', severity: 'warning' })
    .at(0);
  assert.equal(rig.store.stats().outOfOrderSamples, 0);
  assert.deepEqual(rig.alerts, ['Hot pending']);
});

test('an instant vector, a number and what else an expression may yield', async () => {
  const rig = new Rig({
    rules: `
groups:
- name: g
  rules:
  - {alert: Number, expr: 1 + 1}
  - {record: "one:number", expr: "3"}
  - {alert: Kept, expr: "one:number == 3"}
  - {record: "same", expr: temperature, labels: {room: ""}}
`,
  });
  await rig.gauge('temperature', 1, { room: 'a' }).gauge('temperature', 2, { room: 'b' }).at(0);
  assert.deepEqual(rig.alerts, ['Number firing', 'Kept firing']);
  const [, , , same] = rig.evaluator.status().groups[0]!.rules;
  assert.equal(same?.error, 'vector contains metrics with the same labelset after applying rule labels');
  assert.equal(same?.state, 'inactive');
});

test('whatever goes wrong in an evaluation is reported, and the next one takes place', async () => {
  const rig = new Rig({ rules: HOT });
  const { update } = rig.notifier;
  rig.notifier.update = () => {
    throw new Error('a mistake of ours');
  };
  await rig.at(0);
  assert.ok(rig.log.lines.some((line) => line.includes('a mistake of ours')));
  rig.notifier.update = update;
  await rig.gauge('temperature', 35).at(15);
  assert.deepEqual(rig.alerts, ['Hot pending']);
});
