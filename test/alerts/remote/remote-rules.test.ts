import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createRemoteRules } from '../../../src/alerts/remote/remote-rules.ts';
import { defaultGroups } from '../../../src/alerts/default-rules/index.ts';
import { createFakeLog, type FakeLog } from '../../helpers/fake-log.ts';
import { Rig, type RigOptions } from '../../helpers/alerts/rig.ts';
import {
  type Asked,
  error,
  queryServer,
  type QueryServer,
  type Reply,
  vector,
} from '../../helpers/query-server.ts';

interface RemoteRig {
  readonly rig: Rig;
  readonly server: QueryServer;
  /** What is said of the server. */
  readonly log: FakeLog;
}

async function remoteRig(
  t: TestContext,
  options: RigOptions,
  reply: (asked: Asked) => Reply,
): Promise<RemoteRig> {
  const server = await queryServer(t, reply);
  const log = createFakeLog();
  const remote = createRemoteRules({ url: server.url, token: undefined }, log);
  const rig = new Rig({ ...options, overrides: { ...options.overrides, remote } });
  t.after(() => rig.evaluator.stop());
  return { rig, server, log };
}

const HOT =
  '- {name: Hot, condition: "max by (room) (t) > 30", duration: 30s, description: "{{ $labels.room }}: {{ $value }}"}';

test('what the server answers goes through the same states and is sent as if it were evaluated here', async (t) => {
  const { rig, server } = await remoteRig(t, { rules: HOT }, () => vector([{ room: 'a' }, '35']));
  await rig.at(0);
  await rig.at(15);
  assert.deepEqual(rig.alerts, ['Hot pending']);
  await rig.at(30);
  assert.deepEqual(rig.alerts, ['Hot firing']);
  assert.deepEqual(rig.list.messages[0]?.firing[0]?.annotations, { description: 'a: 35' });
  server.reply = () => vector();
  await rig.at(45);
  assert.deepEqual(rig.list.sent, ['Hot |', '| Hot']);
  assert.deepEqual(
    server.asked.map(({ query, time }) => [query, Number(time) - Rig.beginMs / 1000]),
    [0, 15, 30, 45].map((second) => ['max by (room) (t) > 30', second]),
  );
});

test('expressions are evaluated at the slot of the group less its query offset', async (t) => {
  const rules = 'groups: [{name: g, query_offset: 10s, rules: [{alert: A, expr: a}]}]';
  const { rig, server } = await remoteRig(t, { rules }, () => vector());
  await rig.at(17);
  assert.deepEqual(
    server.asked.map(({ time }) => Number(time) - Rig.beginMs / 1000),
    [5],
  );
});

test('a refused expression is the error of its rule alone; its alerts stay as they were', async (t) => {
  const rules = `${HOT}\n- {name: Other, condition: other}`;
  const both = ({ query }: Asked): Reply =>
    query === 'other' ? vector([{}, '1']) : vector([{ room: 'a' }, '35']);
  const { rig, server, log } = await remoteRig(t, { rules }, both);
  await rig.at(0);
  await rig.until(30);
  assert.deepEqual(rig.alerts, ['Hot firing', 'Other firing']);
  server.reply = (asked) =>
    asked.query === 'other' ? vector() : error(422, 'execution', 'found duplicate series');
  await rig.at(45);
  assert.deepEqual(rig.alerts, ['Hot firing', 'Other resolved']);
  const [hot, other] = rig.evaluator.status().groups[0]!.rules;
  assert.deepEqual([hot?.health, hot?.error], ['error', 'execution: found duplicate series']);
  assert.equal(other?.health, 'ok');
  assert.deepEqual(log.lines, []);
  assert.match(rig.log.lines.join('\n'), /\[MON_RULE_EVALUATION\].*found duplicate series/);
});

test('a server that is away changes no alert and is reported once, its return as well', async (t) => {
  const rules = `${HOT}\n- {name: Other, condition: other}`;
  const { rig, server, log } = await remoteRig(t, { rules }, () => vector([{ room: 'a' }, '35']));
  await rig.at(0);
  await rig.until(30);
  server.reply = () => error(503, 'unavailable', 'starting up');
  await rig.until(90);
  assert.deepEqual(rig.alerts, ['Hot firing', 'Other firing']);
  assert.equal(rig.evaluator.status().groups[0]?.rules[0]?.health, 'error');
  assert.equal(rig.evaluator.status().ruleFailures, 8);
  assert.equal(log.lines.length, 1);
  assert.match(
    log.lines[0]!,
    /^WARNING \[MON_RULES_REMOTE\] querying the Prometheus at http:\/\/127.* failed: unavailable: starting up/,
  );
  assert.equal(
    rig.log.lines.some((line) => line.includes('MON_RULE_EVALUATION')),
    false,
  );
  server.reply = () => vector();
  await rig.at(105);
  assert.deepEqual(rig.alerts, ['Hot resolved', 'Other resolved']);
  assert.match(log.lines[1]!, /^INFO alert rules: queries to the Prometheus at .* succeed again$/);
});

test('one question that the server fails at is the error of its rule, reported by its name', async (t) => {
  const rules = `${HOT}\n- {name: Heavy, condition: heavy}`;
  const { rig, log } = await remoteRig(t, { rules }, ({ query }) =>
    query === 'heavy' ? error(503, 'timeout', 'query timed out') : vector([{ room: 'a' }, '35']),
  );
  await rig.at(0);
  assert.deepEqual(rig.alerts, ['Hot pending']);
  assert.deepEqual(log.lines, []);
  assert.match(rig.log.lines.join('\n'), /\[MON_RULE_EVALUATION\].*\(Heavy\).*timeout: query timed out/);
});

test('at the end nothing is waited for, and the server is not blamed', async (t) => {
  const { rig, server, log } = await remoteRig(t, { rules: HOT }, () => undefined);
  const running = rig.at(0);
  await server.first;
  rig.evaluator.stop();
  await running;
  assert.deepEqual(rig.alerts, []);
  assert.deepEqual(log.lines, []);
});

test('a server that does not answer holds an evaluation up no longer than its interval', async (t) => {
  const rules = 'groups: [{name: g, interval: 100ms, rules: [{alert: A, expr: a}, {alert: B, expr: b}]}]';
  const { rig, log } = await remoteRig(t, { rules }, () => undefined);
  await rig.at(0);
  assert.equal(rig.evaluator.status().ruleFailures, 2);
  assert.match(log.lines[0]!, /no response in time/);
});

test('no more than four questions are under way at a time', async (t) => {
  const rules = Array.from({ length: 20 }, (_, n) => `- {name: R${n}, condition: "m${n}"}`).join('\n');
  const { rig, server } = await remoteRig(t, { rules }, () => vector([{}, '1']));
  await rig.at(0);
  assert.equal(server.asked.length, 20);
  assert.equal(rig.alerts.length, 20);
  assert.ok(server.peak() <= 4, `${server.peak()}`);
});

test('queries in templates are asked as well, also those that depend on another', async (t) => {
  const rules =
    '- {name: A, condition: a, description: \'{{ with query "b" }}{{ $v := . | first | value }}{{ with printf "c%.0f" $v | query }}{{ . | first | value }}{{ end }}{{ end }}\'}';
  const { rig, server } = await remoteRig(t, { rules }, ({ query }) =>
    vector([{}, query === 'b' ? '7' : query === 'c7' ? '42' : '1']),
  );
  await rig.at(0);
  assert.deepEqual(
    server.asked.map(({ query }) => query),
    ['a', 'b', 'c7'],
  );
  assert.deepEqual(rig.list.messages[0]?.firing[0]?.annotations, { description: '42' });
});

test('default rules do not wait for metrics of this process', async (t) => {
  const { rig, server } = await remoteRig(t, { groups: defaultGroups() }, ({ query }) =>
    query === 'system_disk_usage > 97' ? vector([{ instance: 'db' }, '99']) : vector(),
  );
  await rig.at(0);
  const rules = rig.evaluator.status().groups.flatMap((group) => group.rules);
  assert.equal(server.asked.length, new Set(rules.map(({ expr }) => expr)).size);
  assert.deepEqual(
    rules.filter(({ state }) => state === 'waiting'),
    [],
  );
  assert.deepEqual(rig.alerts, ['DiskFull pending']);
});

test('ALERTS and results of recording rules are kept here', async (t) => {
  const rules = 'groups: [{name: g, rules: [{record: "job:a", expr: sum(a)}, {alert: B, expr: b}]}]';
  const { rig, log } = await remoteRig(t, { rules }, () => vector([{ c: 'd' }, '3']));
  await rig.at(0);
  await rig.at(15);
  assert.equal(log.lines.length, 1);
  assert.match(
    log.lines[0]!,
    /^WARNING alert rules: series of recording rules such as job:a exist only in this monitor/,
  );
  assert.deepEqual(
    [...rig.store.labelSets()]
      .map(String)
      .filter((text) => !text.startsWith('ALERTS_FOR_STATE'))
      .sort(),
    ['ALERTS{alertname="B", alertstate="firing", c="d"}', 'job:a{c="d"}'],
  );
  assert.deepEqual(rig.evaluator.alertSeries(), [
    { labels: { alertname: 'B', alertstate: 'firing', c: 'd' }, value: 1 },
  ]);
});
