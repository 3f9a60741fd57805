import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli, folderWith } from '../helpers/cli/cli.ts';

test('an environment without anything set is fine', async () => {
  const { code, out, err } = await cli(['validate']);
  assert.deepEqual([code, err], [0, '']);
  assert.match(
    out,
    /^settings: ok, none set, all defaults\nrules: ok, 0 rules in 0 files, \d+ default rules\nalerts: ok, no notifications/,
  );
});

test('errors in settings, rule files and mail are printed; the exit code is 1', async (t) => {
  const cwd = folderWith(t, { 'rules.yml': 'rules:\n  - { name: A, condition: "up ==" }\n' });
  const env = {
    MONITORING_RULES: 'rules.yml',
    MONITORING_RULES_INTERVAL: 'often',
    MONITORING_RULZ: 'x',
    MONITORING_DEFAULT_RULES_OFF: 'HighCPU',
    SMTP_HOST: 'mail.example',
  };
  const { code, out } = await cli(['validate'], { cwd, env });
  assert.equal(code, 1);
  for (const text of [
    /^settings: invalid, set: MONITORING_RULES, MONITORING_DEFAULT_RULES_OFF, MONITORING_RULES_INTERVAL, SMTP_HOST$/m,
    /\[MON_CONFIG_VALUE\] invalid value "often" for MONITORING_RULES_INTERVAL: expected/,
    /\[MON_CONFIG_VALUE\] invalid value "HighCPU" for MONITORING_DEFAULT_RULES_OFF: expected names of default rules/,
    /\[MON_CONFIG_UNKNOWN\] unknown setting MONITORING_RULZ/,
    /^rules: invalid, 0 rules in 1 file/m,
    /\[MON_RULE\] rules\.yml:2:\d+: expected a PromQL expression/,
    /^alerts: invalid/m,
    /\[MON_MAIL_SETTINGS\] SMTP_TO/,
  ])
    assert.match(out, text);
});

test('secrets appear neither in lines nor in JSON', async () => {
  const env = {
    SMTP_HOST: 'mail.example',
    SMTP_USER: 'ops@example.org',
    SMTP_PASSWORD: 'hush-hush',
    SMTP_TO: 'ops@example.org',
    MONITORING_METRICS_TOKEN: 'hush-token',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hush-pass@collector.example:4318',
  };
  for (const args of [[], ['--json']]) {
    const { code, out } = await cli(['validate', ...args], { env });
    assert.equal(code, 0, out);
    assert.doesNotMatch(out, /hush/);
    assert.match(out, /mail to ops@example\.org/);
  }
});

test('JSON is one object with the settings in force', async () => {
  const { out } = await cli(['validate', '--json'], { env: { OTEL_SERVICE_NAME: 'shop' } });
  const { settings, ok, defaultRules, problems } = JSON.parse(out) as {
    settings: Record<string, unknown>;
    ok: boolean;
    defaultRules: number;
    problems: unknown[];
  };
  assert.equal(settings['OTEL_SERVICE_NAME'], 'shop');
  assert.equal(settings['MONITORING_RULES_INTERVAL'], 15_000);
  assert.ok(defaultRules > 20);
  assert.deepEqual([ok, problems], [true, []]);
});

for (const [name, env, code, pattern] of [
  [
    'MONITORING_SCRAPE that is no URL',
    { MONITORING_SCRAPE: 'xx,a=http://h:1' },
    1,
    /^settings: invalid.*\n.*invalid value "xx" for MONITORING_SCRAPE/,
  ],
  [
    'OTEL_SDK_DISABLED',
    { OTEL_SDK_DISABLED: 'true' },
    0,
    /^monitoring: off by OTEL_SDK_DISABLED, nothing is measured/,
  ],
  ['the standard protocol', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, 0, /^settings: ok/],
  [
    'a protocol that is not supported',
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    1,
    /invalid value "grpc" for OTEL_EXPORTER_OTLP_PROTOCOL: expected one of http\/json/,
  ],
  ['a common name of a level', { MONITORING_LOG_LEVEL: 'warn' }, 0, /^settings: ok/],
  [
    'a misspelt OTEL_ setting',
    { OTEL_EXPORTER_OTLP_ENPOINT: 'http://127.0.0.1:4318' },
    1,
    /unknown setting OTEL_EXPORTER_OTLP_ENPOINT \(did you mean OTEL_EXPORTER_OTLP_ENDPOINT\?\)/,
  ],
  [
    'a misspelt MONITORING_ setting',
    { MONITORING_LOG_LEVLE: 'INFO' },
    1,
    /unknown setting MONITORING_LOG_LEVLE \(did you mean MONITORING_LOG_LEVEL\?\)/,
  ],
  [
    'OTEL_ settings of the SDK that are not ours',
    {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://h',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_PROPAGATORS: 'b3',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc',
    },
    0,
    /^settings: ok/,
  ],
] as const) {
  test(`D validate finds ${name}`, async () => {
    const run = await cli(['validate'], { env });
    assert.match(run.out, pattern);
    assert.equal(run.code, code);
  });
}
