import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { MonitorServer } from '../../src/monitor/http/http-server.ts';
import { createFakeLog } from '../helpers/fake-log.ts';
import { cli, type CliRun, folderWith } from '../helpers/cli/cli.ts';

/** Checks one rule file of this text. */
function check(t: TestContext, text: string, ...args: readonly string[]): Promise<CliRun> {
  return cli(['rules', 'check', 'rules.yml', ...args], { cwd: folderWith(t, { 'rules.yml': text }) });
}

/** A group of alerting rules whose expressions are these. */
const group = (...exprs: readonly string[]): string =>
  `groups:\n  - name: g\n    rules:\n${exprs.map((expr, i) => `      - alert: R${i}\n        expr: ${expr}\n`).join('')}`;

async function messages(
  t: TestContext,
  text: string,
  ...args: readonly string[]
): Promise<readonly string[]> {
  const { out } = await check(t, text, ...args, '--json');
  const { findings } = JSON.parse(out) as {
    findings: { where: string; severity: string; check: string; message: string }[];
  };
  return findings.map((found) => `${found.where} ${found.severity} ${found.check}: ${found.message}`);
}

test('good rules of both formats are reported as good', async (t) => {
  const cwd = folderWith(t, {
    'a.yml': group(
      'sum(rate(http_requests_total{status=~"5.."}[5m])) > 1',
      'absent(db_connections{database="app"})',
    ),
    'b.yaml': 'rules:\n  - { name: Full, condition: system_disk_usage > 90, severity: warning }\n',
    'notes.txt': 'not a rule file',
  });
  const { code, out, err } = await cli(['rules', 'check', '.'], { cwd });
  assert.deepEqual([code, out, err], [0, '2 files, 3 rules: ok\n', '']);
});

test('every error is reported with its location and what was expected; the exit code is 1', async (t) => {
  const { code, out } = await check(
    t,
    'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(up\n      - alert: B\n        expr: up\n        fro: 5m\n',
  );
  assert.equal(code, 1);
  const lines = out.split('\n');
  assert.match(
    lines[0] ?? '',
    /^rules\.yml:5:21: error: expected a PromQL expression, got unclosed left parenthesis|^rules\.yml:5:\d+: error: expected a PromQL expression/,
  );
  assert.match(lines[1] ?? '', /^rules\.yml:8:9: error: expected a field of a rule: .*, got "fro"$/);
  assert.equal(lines.at(-2), '1 file, 0 rules: 2 errors');
});

test('a file that is not there is an error at its name, and a folder without rule files as well', async (t) => {
  const cwd = folderWith(t, { 'empty/readme.md': '' });
  const gone = await cli(['rules', 'check', 'gone.yml'], { cwd });
  assert.equal(gone.code, 2);
  assert.match(gone.out, /^gone\.yml: error: cannot read the rule file: ENOENT/);
  const empty = await cli(['rules', 'check', 'empty'], { cwd });
  assert.equal(empty.code, 1);
  assert.match(empty.out, /^empty: error: no rule file/);
});

test('files come from MONITORING_RULES by default; without either the command fails', async (t) => {
  const cwd = folderWith(t, { 'rules.yml': group('system_cpu_usage > 90') });
  const { code, out } = await cli(['rules', 'check'], { cwd, env: { MONITORING_RULES: 'rules.yml' } });
  assert.deepEqual([code, out], [0, '1 file, 1 rule: ok\n']);
  const none = await cli(['rules', 'check'], { cwd });
  assert.equal(none.code, 2);
  assert.match(none.err, /no rule files given, and MONITORING_RULES is not set/);
});

test('a label that holds the value is a warning at the label, in a documented rule too', async (t) => {
  const lines = await messages(
    t,
    'rules:\n  - name: A\n    condition: system_cpu_usage > 1\n    description: "{{ $value }}"\n    labels:\n      v: "at {{ printf \\"%f\\" $value }}"\n      ok: "{{ $labels.x }}"\n',
  );
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    /^rules\.yml:6:10 warning value-in-labels: the label v changes with the value/,
  );
});

test('a range under two collections is a warning at the selector; the settings define how often is collected', async (t) => {
  const text = group('rate(http_requests_total[20s]) > rate(http_requests_total[30s])');
  const [first, ...others] = await messages(t, text);
  assert.match(
    first ?? '',
    /^rules\.yml:5:20 warning short-range: the range 20s .* of 15s.*take 30s or more/,
  );
  assert.deepEqual(others, []);
  const cwd = folderWith(t, { 'rules.yml': text });
  const fast = await cli(['rules', 'check', 'rules.yml'], { cwd, env: { MONITORING_RULES_INTERVAL: '5s' } });
  assert.equal(fast.out, '1 file, 1 rule: ok\n');
});

test('a group that is evaluated more often is collected more often', async (t) => {
  const text = group('rate(http_requests_total[20s]) > 1').replace(
    '- name: g',
    '- name: g\n    interval: 5s',
  );
  assert.deepEqual(await messages(t, text), []);
});

test('a range beyond the samples that are kept is a warning', async (t) => {
  const [line] = await messages(t, group('rate(http_requests_total[1d]) > 1'));
  assert.match(line ?? '', /warning long-range: looks back 1d, and samples are kept for 6h/);
});

test('what absent() does not do is a warning', async (t) => {
  const lines = await messages(
    t,
    group(
      'absent(db_connections{database="app"} > 5)',
      'absent(sum by (database) (db_connections))',
      'absent(db_connections) == 0',
      'absent_over_time(db_connections[5m]) < 1',
      'absent(db_connections) == 1',
    ),
  );
  assert.deepEqual(
    lines.map((line) => line.replace(/(absent: .{40}).*/, '$1')),
    [
      'rules.yml:5:15 warning absent: absent() of a comparison also fires whil',
      'rules.yml:7:15 warning absent: absent() of an aggregation has no labels',
      'rules.yml:9:15 warning absent: absent() yields 1 or nothing, so that th',
      'rules.yml:11:15 warning absent: absent() yields 1 or nothing, so that th',
    ],
  );
});

test('a label that absent() cannot have is a warning where a text asks for it', async (t) => {
  const rule = `${group('absent(db_connections{database="app",type=~"a.*"})')}        annotations:\n          x: "{{ $labels.database }} {{ $labels.type }}"\n`;
  const lines = await messages(t, rule);
  assert.ok(
    lines.some((line) => line.endsWith('so that $labels.type will be empty')),
    lines.join('\n'),
  );
  assert.ok(!lines.some((line) => line.includes('$labels.database')), lines.join('\n'));
});

test('a metric that is nearly one of ours is a warning, one of the service a note, a recorded one fine', async (t) => {
  const text = `${group('http_request_total > 1', 'orders_total > 1', 'job:load:sum > 1', 'http_request_duration_seconds > 1')}      - record: job:load:sum\n        expr: sum(system_cpu_usage)\n`;
  assert.deepEqual(await messages(t, text), [
    'rules.yml:5:15 warning unknown-series: no metric is named http_request_total in the catalogue of this package; did you mean http_requests_total?',
    "rules.yml:7:15 note unknown-series: no metric is named orders_total in the catalogue of this package; if it is the service's own, --metrics <url> asks the service",
    'rules.yml:11:15 warning unknown-series: http_request_duration_seconds is a histogram; did you mean http_request_duration_seconds_bucket, http_request_duration_seconds_sum or http_request_duration_seconds_count?',
  ]);
});

test('a label that a metric does not have is a warning with those that it has', async (t) => {
  assert.deepEqual(
    await messages(
      t,
      group(
        'http_requests_total{code="500"} > 1',
        'http_requests_total{statsu="500"} > 1',
        'http_requests_total{code!="500"} > 1',
        'http_requests_total{code=""} > 1',
        'http_requests_total{job="api"} > 1',
        `'{__name__="db_connections", db="x"} > 1'`,
      ),
    ),
    [
      'rules.yml:5:15 warning unknown-series: http_requests_total has no label code, but the labels method, endpoint, status',
      'rules.yml:7:15 warning unknown-series: http_requests_total has no label statsu, but the labels method, endpoint, status; did you mean status?',
      'rules.yml:13:15 note unknown-series: http_requests_total has no label job here: Prometheus adds it when it scrapes',
      'rules.yml:15:16 warning unknown-series: db_connections has no label db, but the labels database',
    ],
  );
});

test('two rules of one name and the same labels are a warning at the second', async (t) => {
  const text = `${group('system_cpu_usage > 90')}      - alert: R0\n        expr: system_cpu_usage > 95\n`;
  const [line] = await messages(t, text);
  assert.match(
    line ?? '',
    /^rules\.yml:6:9 warning duplicate: a rule of this name with the same labels is defined at rules\.yml:4:9/,
  );
});

test('a location inside a literal block is the line and column of the file', async (t) => {
  const text =
    'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: |\n          system_cpu_usage > 1\n            and\n          http_request_total > 1\n';
  const [line] = await messages(t, text);
  assert.match(line ?? '', /^rules\.yml:8:11 warning unknown-series/);
});

test('warnings fail the check only when it is strict', async (t) => {
  const text = group('http_request_total > 1');
  assert.equal((await check(t, text)).code, 0);
  assert.equal((await check(t, text, '--strict')).code, 1);
  assert.equal((await check(t, group('orders_total > 1'), '--strict')).code, 0);
});

test('findings come in the order of the lines of the file, not of the checks', async (t) => {
  const exprs = Array.from({ length: 12 }, () => 'rate(http_request_total[1s]) > 1');
  const lines = await messages(t, group(...exprs));
  const numbers = lines.map((line) => Number(line.split(':')[1]));
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  assert.equal(numbers.length, 24);
});

const PAGE = `# HELP http_requests_total Total HTTP requests
# TYPE http_requests_total counter
http_requests_total{method="GET",endpoint="/a}b\\"",status="200"} 5 1700000000000
http_requests_total{method="GET",endpoint="/c",status="404"} 1
orders_total 7
http_request_duration_seconds_bucket{method="GET",endpoint="/c",le="5"} 1
http_request_duration_seconds_bucket{method="GET",endpoint="/c",le="+Inf"} 1
broken line{
`;

/** A real server with this page behind a token. */
async function pageServer(t: TestContext): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = new MonitorServer({
    host: '127.0.0.1',
    port: 0,
    token: 'page-token',
    routes: { '/metrics': () => Promise.resolve({ contentType: 'text/plain', body: PAGE }) },
    ownLog: createFakeLog(),
    onAddress: (url) => resolve(url ?? ''),
  });
  server.start();
  t.after(() => server.stop());
  return promise;
}

test('a running service is asked for what its selectors would find', async (t) => {
  const url = await pageServer(t);
  const cwd = folderWith(t, {
    'rules.yml': group(
      'orders_total > 1',
      'order_total > 1',
      'http_requests_total{status="402"} > 1',
      'http_requests_total{status=~"5.."} > 1',
      'http_requests_total{status="404",endpoint=~"/a.*"} > 1',
      'http_requests_total{endpoint="/a}b\\""} > 1',
      'http_request_duration_seconds_bucket{le="5.0"} > 1',
      'http_request_duration_seconds_bucket{le="5"} > 1',
      'http_requests_total{endpoint!="/c"} > 1',
      'ALERTS{alertname="x"} > 0',
    ),
  });
  const args = ['rules', 'check', 'rules.yml', '--metrics', url, '--json'];
  const { code, out } = await cli(args, { cwd, env: { MONITORING_METRICS_TOKEN: 'page-token' } });
  assert.equal(code, 0);
  const { findings } = JSON.parse(out) as { findings: { severity: string; rule: string; message: string }[] };
  assert.deepEqual(
    findings.map(({ severity, rule, message }) => `${rule} ${severity} ${message}`),
    [
      `R1 warning no metric is named order_total on ${url}; did you mean orders_total?`,
      'R2 note no series of http_requests_total has status="402" now (it has 200, 404)',
      'R3 note no series of http_requests_total has status=~"5.." now (it has 200, 404)',
      'R4 note no series of http_requests_total fits all of these matchers now',
      'R7 warning no series of http_request_duration_seconds_bucket has le="5" now (it has +Inf, 5.0); did you mean 5.0?',
    ],
  );
});

test('a service that wants a token or is not there is distinguished, with code 2', async (t) => {
  const url = await pageServer(t);
  const cwd = folderWith(t, { 'rules.yml': group('up > 1') });
  const refused = await cli(['rules', 'check', 'rules.yml', '--metrics', url], { cwd });
  assert.equal(refused.code, 2);
  assert.match(refused.err, /status 401, credentials required/);
  const wrong = await cli(['rules', 'check', 'rules.yml', '--metrics', `${url}/nothing`], {
    cwd,
    env: { MONITORING_METRICS_TOKEN: 'page-token' },
  });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /status 404/);
});

test('credentials in an address are not printed', async (t) => {
  const cwd = folderWith(t, { 'rules.yml': group('up > 1') });
  const args = ['rules', 'check', 'rules.yml', '--metrics', 'http://user:hush@127.0.0.1:9'];
  const { code, err } = await cli(args, { cwd });
  assert.equal(code, 2);
  assert.doesNotMatch(err, /hush/);
});
