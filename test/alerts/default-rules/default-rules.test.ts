import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultGroups, defaultGroupsFor, defaultRules } from '../../../src/alerts/default-rules/index.ts';
import { longestRangeMs, parse, selectorsOf } from '../../../src/promql/index.ts';
import { simplePattern } from '../../../src/promql/syntax/matchers/simple-pattern.ts';
import { categories } from '../../../src/alerts/rules/alert-rule.ts';
import { readSettings } from '../../../src/config/read-settings.ts';
import { formatProblem } from '../../../src/errors.ts';
import { Rig } from '../../helpers/alerts/rig.ts';

/** All default rules over what the test measures. */
const rigWith = (): Rig => new Rig({ groups: defaultGroups(), policy: { groupWaitMs: 5000 } });

const states = (rig: Rig): Record<string, string> =>
  Object.fromEntries(
    rig.evaluator
      .status()
      .groups.flatMap(({ rules }) => rules)
      .map(({ name, state }) => [name, state]),
  );

describe('the pack as a whole', () => {
  test('every category has rules, names are unique, and every rule has a description', () => {
    for (const category of categories) {
      assert.ok(
        defaultRules.some((rule) => rule.category === category),
        category,
      );
    }
    const names = defaultRules.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, description, action, severity } of defaultRules) {
      assert.ok(description.length > 20, name);
      assert.ok(action.length > 20, name);
      assert.match(severity, /^(critical|warning|info)$/, name);
    }
  });

  test('no rule looks back more than an hour and five minutes', () => {
    for (const { name, condition } of defaultRules) {
      assert.ok(longestRangeMs(parse(condition)) <= 3_900_000, name);
    }
  });

  test('every metric that is selected is one of ours', () => {
    const known =
      /^(http_request(s_total|_duration_seconds_(bucket|count))|(system_(cpu|memory|disk)|container_memory)_usage|ai_(requests|tokens)_total|ai_request_duration_seconds_(bucket|count)|db_query_duration_seconds_(bucket|count)|log_records_total|security_events_total|nodejs_eventloop_(lag_p99_seconds|utilization_ratio)|process_resident_memory_bytes|monitoring_[a-z_]+)$/;
    for (const { condition } of defaultRules) {
      for (const { name } of selectorsOf(parse(condition))) assert.match(name, known);
    }
  });

  test('no rule needs the RE2 engine, which takes 12 MB', () => {
    for (const { name, condition } of defaultRules) {
      for (const { matchers } of selectorsOf(parse(condition))) {
        for (const { op, value } of matchers) {
          if (op === '=~' || op === '!~') assert.ok(simplePattern(value), `${name}: ${value}`);
        }
      }
    }
  });

  test('a rule waits until its metrics exist, and is never an error', async () => {
    const rig = rigWith();
    await rig.at(0);
    assert.deepEqual(new Set(Object.values(states(rig))), new Set(['waiting']));
    const [cpu] = rig.evaluator
      .status()
      .groups.flatMap(({ rules }) => rules.filter(({ name }) => name === 'HighCpu'));
    assert.deepEqual(cpu?.missingMetrics, ['system_cpu_usage']);
    await rig.gauge('system_cpu_usage', 10).until(30, 5);
    assert.equal(states(rig)['HighCpu'], 'inactive');
    assert.equal(states(rig)['HighMemory'], 'waiting');
    assert.equal(rig.evaluator.status().ruleFailures, 0);
  });
});

describe('by the settings', () => {
  const namesFor = (env: Record<string, string>): readonly string[] =>
    defaultGroupsFor(readSettings(env, () => '').settings)
      .groups.flatMap(({ rules }) => rules)
      .map(({ name }) => name);
  const all = defaultRules.map(({ name }) => name);

  test('all of them, none, or all but those that are switched off', () => {
    assert.deepEqual(namesFor({}).toSorted(), all.toSorted());
    assert.deepEqual(namesFor({ MONITORING_DEFAULT_RULES: 'false' }), []);
    const off = namesFor({ MONITORING_DEFAULT_RULES_OFF: 'HighCpu, EventLoopBlocked' });
    assert.deepEqual(
      all.filter((name) => !off.includes(name)),
      ['EventLoopBlocked', 'HighCpu'],
    );
  });

  test('the one that always fires where something listens for it', () => {
    const watched = (env: Record<string, string>): boolean => namesFor(env).includes('Watchdog');
    const heartbeat = { MONITORING_HEARTBEAT_URL: 'http://127.0.0.1:1/' };
    const alertmanager = { MONITORING_ALERTMANAGER_URL: 'http://127.0.0.1:1/' };
    assert.equal(watched({}), false);
    assert.equal(watched(heartbeat), true);
    assert.equal(watched(alertmanager), true);
    assert.equal(watched({ ...heartbeat, MONITORING_DEFAULT_RULES_OFF: 'Watchdog' }), false);
    assert.deepEqual(namesFor({ ...heartbeat, MONITORING_DEFAULT_RULES: 'false' }), ['Watchdog']);
    assert.deepEqual(namesFor({ ...alertmanager, MONITORING_DEFAULT_RULES: 'false' }), []);
  });

  test('a name that no default rule has is reported, and the others count', () => {
    const { settings } = readSettings({ MONITORING_DEFAULT_RULES_OFF: 'HighCPU,HighMemory' }, () => '');
    const { groups, problems } = defaultGroupsFor(settings);
    assert.deepEqual(problems.map(formatProblem), [
      '[MON_CONFIG_VALUE] invalid value "HighCPU" for MONITORING_DEFAULT_RULES_OFF: expected names of default rules (docs/runbooks/README.md). Now: using the others. You can: correct or remove the variable.',
    ]);
    assert.equal(groups.flatMap(({ rules }) => rules).length, all.length - 1);
  });
});

/** Lets the service run for a while, a round every five seconds, and answers what fired. */
async function run(rig: Rig, seconds: number, each: (second: number) => void): Promise<Set<string>> {
  const end = rig.second + seconds;
  while (rig.second < end) {
    each(rig.second + 5);
    await rig.at(rig.second + 5);
  }
  return new Set(rig.list.messages.flatMap(({ firing }) => firing.map(({ name }) => name)));
}

describe('the rules one by one', () => {
  test('EventLoopBlocked is sent within 30 seconds of a block that begins at any moment', async () => {
    for (const offset of [0, 1, 2, 3, 4]) {
      const rig = rigWith();
      await rig.gauge('monitoring_agent_up', 1).at(0);
      for (let second = 1; second <= 60 + offset; second++) await rig.at(second);
      const blockedAt = rig.second;
      rig.gauge('monitoring_agent_up', 0);
      while (rig.list.messages.length === 0 && rig.second < blockedAt + 60) await rig.at(rig.second + 1);
      assert.deepEqual(rig.list.sent, ['EventLoopBlocked |']);
      assert.ok(rig.second - blockedAt <= 20, `sent after ${rig.second - blockedAt} s`);
      rig.gauge('monitoring_agent_up', 1);
      for (let i = 0; i < 120; i++) await rig.at(rig.second + 1);
      assert.deepEqual(rig.list.sent, ['EventLoopBlocked |', '| EventLoopBlocked']);
    }
  });

  test('HighErrorRate: many 5xx, and not a single one at night', async () => {
    const rig = rigWith();
    await rig.at(0);
    const route = { method: 'GET', endpoint: '/' };
    const quiet = await run(rig, 600, (second) => {
      if (second % 60 === 0)
        rig.count('http_requests_total', 1, { ...route, status: second === 300 ? '500' : '200' });
    });
    assert.deepEqual([...quiet], []);
    const busy = await run(rig, 300, () => {
      rig.count('http_requests_total', 10, { ...route, status: '200' });
      rig.count('http_requests_total', 2, { ...route, status: '503' });
    });
    assert.ok(busy.has('HighErrorRate'));
    const [alert] = rig.list.messages.flatMap(({ firing }) =>
      firing.filter(({ name }) => name === 'HighErrorRate'),
    );
    assert.match(alert?.annotations['description'] ?? '', /^\d+\.\d+% of the requests/);
    assert.deepEqual(alert?.labels, { category: 'performance', severity: 'critical' });
  });

  const cases: readonly { name: string; seconds: number; each: (rig: Rig) => void; says?: RegExp }[] = [
    {
      name: 'ServiceDown',
      seconds: 90,
      each: (rig) => void rig.gauge('monitoring_agents', 0),
      says: /No process of the service is running/,
    },
    {
      name: 'ProcessCrashed',
      seconds: 30,
      each: (rig) => void rig.gauge('monitoring_recent_process_crashes', 1),
      says: /1 processes of the service crashed or were killed/,
    },
    {
      name: 'CrashLooping',
      seconds: 30,
      each: (rig) => void rig.gauge('monitoring_recent_process_crashes', 3),
      says: /3 of its processes crashed or were killed/,
    },
    {
      name: 'HighCpu',
      seconds: 700,
      each: (rig) => void rig.gauge('system_cpu_usage', 97),
      says: /CPU usage is 97 %/,
    },
    { name: 'HighMemory', seconds: 400, each: (rig) => void rig.gauge('system_memory_usage', 95) },
    {
      name: 'MemoryLimitNear',
      seconds: 200,
      each: (rig) => void rig.gauge('container_memory_usage', 93.4),
      says: /93 % of its memory limit/,
    },
    {
      name: 'DiskAlmostFull',
      seconds: 400,
      each: (rig) => void rig.gauge('system_disk_usage', 91.26),
      says: /91\.3 %/,
    },
    { name: 'DiskFull', seconds: 120, each: (rig) => void rig.gauge('system_disk_usage', 98) },
    {
      name: 'EventLoopLag',
      seconds: 400,
      each: (rig) => void rig.gauge('nodejs_eventloop_lag_p99_seconds', 0.35),
      says: /350ms/,
    },
    {
      name: 'EventLoopSaturated',
      seconds: 700,
      each: (rig) => void rig.gauge('nodejs_eventloop_utilization_ratio', 0.99),
      says: /99%/,
    },
    {
      name: 'ErrorsLogged',
      seconds: 60,
      each: (rig) => void rig.count('log_records_total', 3, { application: 'api', level: 'ERROR' }),
      says: /logger api/,
    },
    {
      name: 'CriticalLogged',
      seconds: 30,
      each: (rig) => void rig.count('log_records_total', 1, { application: 'db', level: 'CRITICAL' }),
    },
    {
      name: 'SecurityErrors',
      seconds: 30,
      each: (rig) => void rig.count('log_records_total', 1, { application: 'security', level: 'ERROR' }),
    },
    {
      name: 'AccessFailures',
      seconds: 60,
      each: (rig) => void rig.count('security_events_total', 3, { event: 'login_failed' }),
      says: /event login_failed/,
    },
    {
      name: 'SecurityEventBurst',
      seconds: 60,
      each: (rig) => void rig.count('security_events_total', 10, { event: 'odd' }),
    },
    {
      name: 'RequestsRejected',
      seconds: 200,
      each: (rig) =>
        void rig.count('http_requests_total', 50, { status: '401', endpoint: '/login', method: 'POST' }),
    },
    {
      name: 'RateLimitHits',
      seconds: 300,
      each: (rig) =>
        void rig.count('http_requests_total', 20, { status: '429', endpoint: '/', method: 'GET' }),
    },
    {
      name: 'PathScan',
      seconds: 300,
      each: (rig) =>
        void rig.count('http_requests_total', 50, { status: '404', endpoint: 'unmatched', method: 'GET' }),
    },
    {
      name: 'ClientsGiveUp',
      seconds: 700,
      each: (rig) =>
        void rig.count('http_requests_total', 5, { status: '499', endpoint: '/', method: 'GET' }),
    },
    {
      name: 'AiErrors',
      seconds: 700,
      each: (rig) => void rig.count('ai_requests_total', 1, { model: 'm', status: 'error' }),
      says: /100% of the requests to m/,
    },
    {
      name: 'TokenUseHigh',
      seconds: 30,
      each: (rig) => void rig.count('ai_tokens_total', 600_000, { model: 'm', type: 'input' }),
    },
    {
      name: 'LogRecordsLost',
      seconds: 30,
      each: (rig) => void rig.count('monitoring_log_records_lost_total', 2),
    },
    {
      name: 'MetricPushesFailing',
      seconds: 400,
      each: (rig) =>
        void rig
          .count('monitoring_otlp_metric_pushes_total', 0, { result: 'success' })
          .count('monitoring_otlp_metric_pushes_total', 1, { result: 'failure' }),
      says: /^Pushing metrics .* fails/,
    },
    {
      name: 'NotificationsFailing',
      seconds: 200,
      each: (rig) =>
        void rig
          .count('monitoring_notifications_total', 1, { channel: 'mail', result: 'failed' })
          .gauge('monitoring_notifications_waiting', 2, { channel: 'mail' }),
      says: /Notifications by mail fail/,
    },
    {
      name: 'RuleEvaluationsMissed',
      seconds: 60,
      each: (rig) => void rig.count('monitoring_rule_evaluations_missed_total', 1, { group: 'mine' }),
      says: /rule group mine missed \d+ evaluations/,
    },
    { name: 'RuleFailures', seconds: 30, each: (rig) => void rig.count('monitoring_rule_failures_total', 1) },
    {
      name: 'EndpointsOverflow',
      seconds: 30,
      each: (rig) =>
        void rig.count('http_requests_total', 1, { endpoint: '__overflow__', status: '200', method: 'GET' }),
    },
  ];
  for (const { name, seconds, each, says } of cases) {
    test(`${name} fires when it should, and its text is whole`, async () => {
      const rig = rigWith();
      await rig.at(0);
      const fired = await run(rig, seconds, () => each(rig));
      assert.ok(fired.has(name), [...fired].join(' '));
      const [alert] = rig.list.messages.flatMap(({ firing }) => firing.filter((one) => one.name === name));
      const { description = '', action = '' } = alert?.annotations ?? {};
      assert.ok(action.length > 20);
      assert.doesNotMatch(description, /error expanding|no value|\{\{/);
      if (says) assert.match(description, says);
    });
  }

  test('MetricPushesFailing is quiet while some pushes get through', async () => {
    const rig = rigWith();
    await rig.at(0);
    const fired = await run(rig, 900, (second) => {
      rig.count('monitoring_otlp_metric_pushes_total', 1, { result: 'failure' });
      rig.count('monitoring_otlp_metric_pushes_total', second % 300 === 0 ? 1 : 0, { result: 'success' });
    });
    assert.deepEqual([...fired], []);
  });

  test('NotificationsFailing is quiet once what failed was sent', async () => {
    const rig = rigWith();
    await rig.at(0);
    const fired = await run(rig, 600, (second) => {
      const fails = second < 60;
      rig.count('monitoring_notifications_total', fails ? 1 : 0, { channel: 'mail', result: 'failed' });
      rig.gauge('monitoring_notifications_waiting', fails ? 1 : 0, { channel: 'mail' });
    });
    assert.deepEqual([...fired], []);
  });

  test('MemoryGrowing fires when the least memory has grown by half, and not for peaks', async () => {
    const rig = rigWith();
    await rig.at(0);
    const bytes = (value: number): void => void rig.gauge('process_resident_memory_bytes', value);
    const peaks = await run(rig, 3600, (second) => bytes(second % 600 < 300 ? 210e6 : 600e6));
    assert.deepEqual([...peaks], []);
    const grown = await run(rig, 2100, () => bytes(420e6));
    assert.deepEqual([...grown], ['MemoryGrowing']);
    const [alert] = rig.list.messages.flatMap(({ firing }) => firing);
    assert.match(alert?.annotations['description'] ?? '', /to 400\.5MiB\.$/);
  });

  const histograms: readonly {
    name: string;
    metric: string;
    labels: Record<string, string>;
    slow: number;
    says: RegExp;
  }[] = [
    {
      name: 'SlowResponses',
      metric: 'http_request_duration_seconds',
      labels: { endpoint: '/a', method: 'GET' },
      slow: 2,
      says: /to \/a take/,
    },
    {
      name: 'SlowQueries',
      metric: 'db_query_duration_seconds',
      labels: { database: 'app', type: 'SELECT' },
      slow: 2,
      says: /database app take/,
    },
    {
      name: 'SlowAi',
      metric: 'ai_request_duration_seconds',
      labels: { model: 'm' },
      slow: 50,
      says: /requests to m take/,
    },
  ];
  for (const { name, metric, labels, slow, says } of histograms) {
    test(`${name} fires for slow ones and not for quick ones`, async () => {
      const rig = rigWith();
      const boundaries = [0.01, 0.1, 0.5, 1, 2.5, 5, 30, 60];
      const histogram = rig.metrics.meter.createHistogram(metric, {
        advice: { explicitBucketBoundaries: boundaries },
      });
      await rig.at(0);
      const quick = await run(rig, 700, () => histogram.record(0.005, labels));
      assert.deepEqual([...quick], []);
      const fired = await run(rig, 700, () => histogram.record(slow, labels));
      assert.deepEqual([...fired], [name]);
      assert.match(rig.list.messages[0]?.firing[0]?.annotations['description'] ?? '', says);
    });
  }
});
