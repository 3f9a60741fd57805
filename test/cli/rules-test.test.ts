import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { cli, type CliRun, folderWith } from '../helpers/cli/cli.ts';
import { anyPromtool, builtProgram } from '../helpers/cli/programs.ts';

const RULES = `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: up == 0
        for: 5m
        labels:
          severity: page
        annotations:
          summary: "Instance {{ $labels.instance }} down in {{ $externalLabels.zone }}, see {{ $externalURL }}"
      - record: job:up:sum
        expr: sum by (job) (up)
  - name: later
    interval: 10m
    rules:
      - record: job:down:count
        expr: count by (job) (job:up:sum == 0)
`;

const HEAD = `rule_files: [rules.yml]
evaluation_interval: 1m
`;

const DOWN = `      - series: 'up{job="api", instance="a:1"}'
        values: '1 1 0x20'
      - series: 'up{job="api", instance="b:1"}'
        values: '1x22'
`;

const PASSING = `${HEAD}tests:
  - name: down for long
    interval: 1m
    external_labels: { zone: north }
    external_url: http://alerts.example
    input_series:
${DOWN}    alert_rule_test:
      - eval_time: 6m
        alertname: InstanceDown
      - eval_time: 7m30s
        alertname: InstanceDown
        exp_alerts:
          - exp_labels: { severity: page, instance: "a:1", job: api }
            exp_annotations:
              summary: Instance a:1 down in north, see http://alerts.example
    promql_expr_test:
      - expr: job:up:sum
        eval_time: 3m
        exp_samples:
          - { labels: 'job:up:sum{job="api"}', value: 1 }
      - expr: ALERTS{alertstate="pending"}
        eval_time: 3m
        exp_samples:
          - labels: 'ALERTS{alertname="InstanceDown", alertstate="pending", instance="a:1", job="api", severity="page"}'
            value: 1
      - expr: vector(1) > 2
        eval_time: 3m
      - expr: max_over_time(job:up:sum[5m:])
        eval_time: 5m
        exp_samples:
          - { labels: '{job="api"}', value: 2 }
      - expr: time() + 0.5
        eval_time: 1m
        exp_samples:
          - { labels: '{}', value: 60.5 }
`;

const built = builtProgram('promtool');

function run(t: TestContext, tests: string, ...args: readonly string[]): Promise<CliRun> {
  const cwd = folderWith(t, { 'rules.yml': RULES, 'tests.yml': tests });
  return cli(['rules', 'test', 'tests.yml', ...args], { cwd });
}

/** Also runs promtool 3.16, if it is built: both must have the same result. */
async function runBoth(t: TestContext, tests: string, rules = RULES): Promise<CliRun> {
  const cwd = folderWith(t, { 'rules.yml': rules, 'tests.yml': tests });
  const ours = await cli(['rules', 'test', 'tests.yml'], { cwd });
  if (built !== undefined) {
    const theirs = spawnSync(built, ['test', 'rules', 'tests.yml'], { cwd, encoding: 'utf8' });
    const texts = `${tests}\n${ours.out}\n${theirs.stderr}${theirs.stdout}`;
    assert.equal(ours.code, theirs.status === 0 ? 0 : 1, texts);
  }
  return ours;
}

test('what is as expected passes, alerts, annotations, samples, external labels and address', async (t) => {
  assert.deepEqual(await runBoth(t, PASSING), { code: 0, out: 'tests.yml: 7 checks: ok\n', err: '' });
});

test('differences are shown with their location, the expected and the actual value', async (t) => {
  const { code, out } = await runBoth(
    t,
    `${HEAD}tests:
  - name: down
    input_series:
${DOWN}    alert_rule_test:
      - eval_time: 8m
        alertname: InstanceDown
        exp_alerts:
          - exp_labels: { severity: warn, instance: "a:1", job: api }
    promql_expr_test:
      - expr: job:up:sum
        eval_time: 1m
        exp_samples:
          - { labels: 'job:up:sum{job="api"}', value: 1 }
`,
  );
  assert.equal(code, 1);
  assert.equal(
    out,
    `tests.yml:11:9: alert InstanceDown at 8m (down)
    - {alertname="InstanceDown", instance="a:1", job="api", severity="warn"}
    + {alertname="InstanceDown", instance="a:1", job="api", severity="page"} annotations {summary="Instance a:1 down in , see "}
tests.yml:16:9: "job:up:sum" at 1m (down)
    - job:up:sum{job="api"} 1
    + job:up:sum{job="api"} 2
tests.yml: 2 checks: 2 failed
`,
  );
});

test('an alert that no rule has is reported as unknown, unless none is expected', async (t) => {
  const tests = (expected: string): string =>
    `${HEAD}tests:\n  - alert_rule_test:\n      - { eval_time: 1m, alertname: InstanceDwn${expected} }\n`;
  const { code, out } = await runBoth(t, tests(', exp_alerts: [{}]'));
  assert.equal(code, 1);
  assert.match(out, /no rule has this name; there is InstanceDown, job:up:sum, job:down:count/);
  assert.equal((await runBoth(t, tests(''))).code, 0);
});

test('start_timestamp moves samples, evaluations and time()', async (t) => {
  for (const start of ['2026-11-24T06:00:00Z', '1795500000']) {
    const { code, out } = await runBoth(
      t,
      `${HEAD}tests:
  - start_timestamp: ${start}
    input_series: [{ series: x, values: 5 6 7 }]
    promql_expr_test:
      - { expr: hour(), eval_time: 1h, exp_samples: [{ value: 7 }] }
      - { expr: x, eval_time: 1m, exp_samples: [{ labels: x, value: 6 }] }
`.replaceAll('[{ value: 7 }]', "[{ labels: '{}', value: 7 }]"),
    );
    assert.equal(code, 0, out);
  }
});

test('gaps and ends of series are those of the notation', async (t) => {
  const { code, out } = await runBoth(
    t,
    `${HEAD}tests:
  - input_series: [{ series: 'x{a="b"}', values: '1 _x3 2 stale 3+2x2 -1e3 NaN +Inf' }]
    promql_expr_test:
      - { expr: x, eval_time: 2m, exp_samples: [{ labels: 'x{a="b"}', value: 1 }] }
      - { expr: x, eval_time: 5m }
      - { expr: x, eval_time: 8m, exp_samples: [{ labels: 'x{a="b"}', value: 7 }] }
      - { expr: x, eval_time: 9m, exp_samples: [{ labels: 'x{a="b"}', value: -1000 }] }
      - { expr: x, eval_time: 11m, exp_samples: [{ labels: 'x{a="b"}', value: .inf }] }
`,
  );
  assert.equal(code, 0, out);
});

test('NaN is what is expected when NaN is expected; to promtool it never is', async (t) => {
  const tests = (value: string): string => `tests:
  - input_series: [{ series: x, values: NaN }]
    promql_expr_test: [{ expr: x, eval_time: 0s, exp_samples: [{ labels: x, value: ${value} }] }]
`;
  for (const value of ['.nan', 'NaN']) assert.equal((await run(t, tests(value))).code, 0, value);
  assert.equal((await run(t, tests('0'))).code, 1);
});

test('group_eval_order decides which group sees the results of which in the same step', async (t) => {
  const rules = `groups:
  - name: reads
    rules: [{ record: twice, expr: base * 2 }]
  - name: writes
    rules: [{ record: base, expr: x + 1 }]
`;
  const tests = (order: string, expected: string): string => `rule_files: [rules.yml]
${order}
tests:
  - input_series: [{ series: x, values: 5 }]
    promql_expr_test:
      - { expr: twice, eval_time: 0s${expected} }
`;
  const inOrder = ', exp_samples: [{ labels: twice, value: 12 }]';
  for (const [order, expected] of [
    ['group_eval_order: [writes, reads]', inOrder],
    ['group_eval_order: [reads, writes]', ''],
  ] as const) {
    const { code, out } = await runBoth(t, tests(order, expected), rules);
    assert.equal(code, 0, out);
  }
});

test('fuzzy_compare takes neighbours among the floats for equal, and nothing further apart', async (t) => {
  const tests = (fuzzy: boolean, value: string): string => `fuzzy_compare: ${fuzzy}
tests:
  - input_series: [{ series: x, values: 0.1 }]
    promql_expr_test:
      - { expr: x + 0.2, eval_time: 0s, exp_samples: [{ labels: '{}', value: ${value} }] }
`;
  assert.equal((await runBoth(t, tests(false, '0.30000000000000004'))).code, 0);
  assert.equal((await runBoth(t, tests(false, '0.3'))).code, 1);
  assert.equal((await runBoth(t, tests(true, '0.3'))).code, 0);
  assert.equal((await runBoth(t, tests(true, '0.2999999999999999'))).code, 1);
});

test('every malformed part of a test file is reported with its location and what was expected', async (t) => {
  for (const [text, location, expected] of [
    ['tests: 5\n', '1:8', 'a list for tests'],
    ['rules: [x]\n', '1:1', 'a field of a file of rule tests'],
    ['tests:\n  - interval: soon\n', '2:15', 'a duration such as 30s, 5m or 1h30m for interval'],
    ['tests:\n  - input_series: [{ series: "x{", values: 1 }]\n', '2:30', 'a series such as up{job="api"}'],
    ['tests:\n  - input_series: [{ series: x, values: 1 two }]\n', '2:41', 'values such as 1+2x3 _ stale 5'],
    ['tests:\n  - input_series: [{ series: x, values: "{{schema:1}}" }]\n', '2:41', 'float samples'],
    ['tests:\n  - alert_rule_test: [{ eval_time: 5m }]\n', '2:23', 'an alert_rule_test with alertname'],
    ['tests:\n  - promql_expr_test: [{ expr: "sum(", eval_time: 1m }]\n', '2:32', 'a PromQL expression'],
    [
      'tests:\n  - promql_expr_test: [{ expr: "x[5m]" }]\n',
      '2:32',
      'an expression that returns an instant vector or a scalar',
    ],
    [
      'tests:\n  - promql_expr_test: [{ expr: x, exp_samples: [{ labels: x, value: much }] }]\n',
      '2:69',
      'a number for value',
    ],
    [
      'tests:\n  - start_timestamp: yesterday\n',
      '2:22',
      'a time such as 2026-11-24T06:00:00Z, or Unix seconds',
    ],
    ['group_eval_order: [a, a]\n', '1:23', 'each group once in group_eval_order'],
    ['fuzzy_compare: perhaps\n', '1:16', 'true or false for fuzzy_compare'],
    ['tests: [\n', '2:1', 'YAML or JSON'],
    ['', '1:1', 'a file of rule tests'],
  ] as const) {
    const { code, out } = await run(t, text);
    assert.equal(code, 1, text);
    const [first = ''] = out.split('\n');
    assert.ok(first.startsWith(`tests.yml:${location}: expected ${expected}`), `${text} → ${first}`);
  }
});

test('a rule file that is missing or faulty fails the tests, with its location', async (t) => {
  const missing = await run(t, 'rule_files: [nothing-*.yml]\n');
  assert.equal(missing.code, 1);
  assert.match(
    missing.out,
    /^tests\.yml:1:14: expected a rule file, got nothing-\*\.yml, which matches no file\n/,
  );
  const cwd = folderWith(t, {
    'sub/tests.yml': 'rule_files: ["../*/bad.y[ma]l"]\n',
    'sub/bad.yml': 'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(\n',
  });
  const faulty = await cli(['rules', 'test', 'sub/tests.yml'], { cwd });
  assert.equal(faulty.code, 1);
  assert.match(faulty.out, /^sub\/bad\.yml:5:19: expected a PromQL expression/);
});

test('a rule that cannot be evaluated ends its tests and is named', async (t) => {
  const cwd = folderWith(t, {
    'rules.yml':
      'groups:\n  - name: g\n    rules:\n      - record: r\n        expr: label_replace(x, "a", "", "", "")\n',
    'tests.yml': `rule_files: [rules.yml]
tests:
  - input_series: [{ series: 'x{a="1"}', values: 1 }, { series: 'x{a="2"}', values: 1 }]
    promql_expr_test: [{ expr: x, eval_time: 1m }]
`,
  });
  const { code, out } = await cli(['rules', 'test', 'tests.yml'], { cwd });
  assert.equal(code, 1);
  assert.match(
    out,
    /rule r \(rules\.yml:4:9\) at 0s\n {4}.*vector cannot contain metrics with the same labelset/,
  );
});

test('the rules of the package are tested under their name in brackets', async (t) => {
  const { code, out } = await run(
    t,
    `rule_files: [(default rules)]
tests:
  - input_series:
      - series: http_requests_total{endpoint="__overflow__"}
        values: 0+1x20
    alert_rule_test:
      - eval_time: 10m
        alertname: EndpointsOverflow
        exp_alerts: [{ exp_labels: { severity: none } }]
`,
  );
  assert.equal(code, 1);
  assert.match(out, /\+ \{alertname="EndpointsOverflow", .*severity="info"\}/);
});

test('tests are chosen by name, and JSON has the same as the lines', async (t) => {
  const failing = `${HEAD}tests:
  - name: first
    promql_expr_test: [{ expr: vector(1), eval_time: 0s }]
  - name: second
    promql_expr_test: [{ expr: vector(1) > 1, eval_time: 0s }]
`;
  assert.equal((await run(t, failing)).code, 1);
  assert.equal((await run(t, failing, '--run', '^sec')).code, 0);
  const { out } = await run(t, failing, '--json');
  const { files, ok } = JSON.parse(out) as { files: { failures: { title: string }[] }[]; ok: boolean };
  assert.equal(ok, false);
  assert.deepEqual(
    files[0]?.failures.map(({ title }) => title),
    ['"vector(1)" at 0s (first)'],
  );
  assert.equal((await run(t, failing, '--run', '(')).code, 2);
});

test('a test file that cannot be read ends with code 2', async () => {
  const { code, err } = await cli(['rules', 'test', '/nothing/tests.yml']);
  assert.equal(code, 2);
  assert.match(err, /MON_COMMAND_FILE/);
});

test(
  'promtool 3.16 passes and fails the same tests',
  { skip: built ? false : 'not built: npm run stack:install' },
  async (t) => {
    const mutations: readonly (readonly [string, string])[] = [
      ['', ''],
      ['eval_time: 6m', 'eval_time: 7m'],
      ['severity: page, instance', 'severity: none, instance'],
      ['down in north', 'down in south'],
      ['value: 60.5', 'value: 60.6'],
      ['value: 2 }', 'value: 1 }'],
      ["'1 1 0x20'", "'1 1 0 1 0x20'"],
      ['alertstate="pending"}', 'alertstate="firing"}'],
      ['eval_time: 7m30s', 'eval_time: 6m30s'],
      ['eval_time: 3m\n        exp', 'eval_time: 1m\n        exp'],
    ];
    for (const [from, to] of mutations) {
      await runBoth(t, PASSING.replace(from, to));
    }
  },
);

const promtool = anyPromtool();

test(
  'what is exported passes promtool check rules',
  { skip: promtool ? false : 'promtool is not there' },
  async (t) => {
    const documented = `rules:
  - name: Hot
    condition: 'system_cpu_usage{a="\\"}"} > 90'
    duration: 5m
    severity: critical
    description: "CPU at {{ $value | humanize }} %: look"
    labels: { team: "é }}" }
    category: system
    keepFiringFor: 10m
`;
    const cwd = folderWith(t, { 'rules.yml': RULES, 'mine.yml': documented });
    for (const args of [[], ['rules.yml', 'mine.yml'], ['mine.yml', '--default-rules']]) {
      const { code, out, err } = await cli(['rules', 'export', '--format', 'prometheus', ...args], { cwd });
      assert.equal(code, 0, err);
      // By a file: promtool before 3.0 does not read its standard input.
      writeFileSync(join(cwd, 'exported.yml'), out);
      const checked = spawnSync(promtool ?? '', ['check', 'rules', 'exported.yml'], {
        cwd,
        encoding: 'utf8',
      });
      assert.equal(checked.status, 0, checked.stdout + checked.stderr);
      assert.match(checked.stdout, /SUCCESS: \d+ rules found/);
    }
  },
);
