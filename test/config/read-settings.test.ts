import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preamble } from '../../src/config/preamble.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import type { SettingRow } from '../../src/config/setting.ts';
import { type SettingKey, settingRows } from '../../src/config/settings.ts';
import { formatProblem } from '../../src/errors.ts';

const rows: SettingRow[] = Object.values(settingRows);
const SECRET = 'hunter2-never-to-be-seen';

function noFile(path: string): string {
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
}
const facts = { version: '1.2.3', node: 'v24.0.0', service: 'shop', pid: 7 };

test('with nothing set everything has its default and nothing is wrong', () => {
  const { settings, problems } = readSettings({}, noFile);
  assert.deepEqual(problems, []);
  assert.equal(settings.metricsHost, '127.0.0.1');
  assert.equal(settings.metricsPort, 9464);
  assert.equal(settings.metricsToken, undefined);
  assert.deepEqual(settings.metricsExporters, ['prometheus', 'otlp']);
  assert.equal(settings.otlpTimeoutMs, 10_000);
  assert.equal(settings.hostIntervalMs, 15_000);
  assert.equal(settings.spoolMaxBytes, 512 * 1024 * 1024);
  assert.equal(settings.smtpTo, undefined);
  assert.equal(settings.disabled, false);
});

test('the table has each variable once, in capitals, with a description in full sentences', () => {
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  for (const { name, description } of rows) {
    assert.match(name, /^[A-Z][A-Z0-9_]+$/);
    assert.match(description, /^[`A-Z].*[.)]$/s, name);
  }
});

test('values are read by their types, blanks around them left out', () => {
  const env = {
    OTEL_SERVICE_NAME: ' shop ',
    OTEL_EXPORTER_PROMETHEUS_PORT: '0',
    MONITORING_RULES_INTERVAL: '30',
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
    SMTP_TO: 'a@example.org, b@example.org',
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=2.0,team=a%20b',
  };
  const { settings, problems } = readSettings(env, noFile);
  assert.deepEqual(problems, []);
  assert.equal(settings.serviceName, 'shop');
  assert.equal(settings.metricsPort, 0);
  assert.equal(settings.rulesIntervalMs, 30_000);
  assert.equal(settings.metricIntervalMs, 5000);
  assert.equal(settings.smtpTo, 'a@example.org, b@example.org');
  assert.deepEqual(settings.resourceAttributes, { 'service.version': '2.0', team: 'a b' });
});

test('an empty variable counts as not set', () => {
  const env = {
    OTEL_EXPORTER_PROMETHEUS_PORT: '',
    SMTP_HOST: '',
    OTEL_SDK_DISABLED: '',
    SMTP_PASSWORD_FILE: '',
  };
  const { settings, problems } = readSettings(env, noFile);
  assert.deepEqual(problems, []);
  assert.equal(settings.metricsPort, 9464);
  assert.equal(settings.smtpHost, undefined);
  assert.equal(settings.smtpPassword, undefined);
});

test('a malformed value is one line with name, value, what was expected and what is used instead', () => {
  const { settings, problems } = readSettings({ OTEL_EXPORTER_PROMETHEUS_PORT: '94x4' }, noFile);
  assert.equal(settings.metricsPort, 9464);
  assert.deepEqual(problems.map(formatProblem), [
    '[MON_CONFIG_VALUE] invalid value "94x4" for OTEL_EXPORTER_PROMETHEUS_PORT: expected an integer from 0 to 65535. ' +
      'Now: using 9464. You can: correct or remove the variable.',
  ]);
});

test('a malformed value without a default leaves the setting unset', () => {
  const { settings, problems } = readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, noFile);
  assert.equal(settings.otlpEndpoint, undefined);
  assert.equal(problems[0]?.params['fallback'], 'no value');
});

test('misspelt names with our prefixes are reported, others are not', () => {
  const env = {
    MONITORING_LOGDIR: 'x',
    SMTP_PASS: SECRET,
    OTEL_LOG_LEVEL: 'debug',
    OTEL_SERVICE: 'x',
    PATH: '/bin',
    SMTP_PASSWORD_FILE: '/run/secret',
  };
  const { problems } = readSettings(env, () => SECRET);
  assert.deepEqual(
    problems.map(({ code, params }) => [code, params['where']]),
    [
      ['MON_CONFIG_UNKNOWN', 'MONITORING_LOGDIR (did you mean MONITORING_LOG_DIR?)'],
      ['MON_CONFIG_UNKNOWN', 'SMTP_PASS (did you mean SMTP_PASSWORD?)'],
    ],
  );
  assert.ok(!problems.map(formatProblem).join('\n').includes(SECRET));
});

test('every secret may come from a file, whose last line end does not belong to it', () => {
  const asText = { pairs: `authorization=${SECRET}`, list: SECRET, string: SECRET, url: `http://${SECRET}` };
  const asValue = {
    pairs: { authorization: SECRET },
    list: [SECRET],
    string: SECRET,
    url: `http://${SECRET}`,
  };
  for (const [key, row] of Object.entries(settingRows) as [SettingKey, SettingRow][]) {
    if (row.secret !== true) continue;
    const path = `/run/secrets/${row.name}`;
    const kind = row.type.kind as keyof typeof asText;
    const read = (asked: string): string => (asked === path ? `${asText[kind]}\r\n` : noFile(asked));
    const { settings, problems } = readSettings({ [`${row.name}_FILE`]: path }, read);
    assert.deepEqual(problems, [], row.name);
    assert.deepEqual(settings[key], asValue[kind], row.name);
  }
});

test('a secret in the variable itself wins over its file', () => {
  const env = { SMTP_PASSWORD: SECRET, SMTP_PASSWORD_FILE: '/run/other' };
  const { settings, problems } = readSettings(env, noFile);
  assert.equal(settings.smtpPassword, SECRET);
  assert.deepEqual(problems, []);
});

test('an unreadable secret file is reported with its path', () => {
  const { settings, problems } = readSettings({ SMTP_PASSWORD_FILE: '/run/none' }, noFile);
  assert.equal(settings.smtpPassword, undefined);
  assert.match(
    problems.map(formatProblem).join(),
    /^\[MON_CONFIG_SECRET_FILE\] SMTP_PASSWORD_FILE: cannot read \/run\/none: ENOENT/,
  );
});

test('only secrets may come from files', () => {
  const { problems } = readSettings({ SMTP_HOST_FILE: '/run/host' }, () => 'mail.example.org');
  assert.equal(problems[0]?.code, 'MON_CONFIG_UNKNOWN');
});

test('a secret is in no problem, even when it is malformed', () => {
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: SECRET,
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: `authorization=${SECRET}%zz`,
    OTEL_EXPORTER_OTLP_METRICS_HEADERS_FILE: '/run/headers',
  };
  const { problems } = readSettings(env, () => SECRET);
  assert.equal(problems.length, 3);
  assert.ok(!JSON.stringify(problems).includes(SECRET));
  assert.ok(problems.every(({ params }) => params['got'] === '[REDACTED]'));
});

test('the preamble has every setting in force by its variable, and no secret', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:${SECRET}@collector:4318`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${SECRET}`,
    MONITORING_METRICS_TOKEN: SECRET,
    SMTP_PASSWORD: SECRET,
    SMTP_TO: 'ops@example.org',
  };
  const { settings, problems } = readSettings(env, noFile);
  assert.deepEqual(problems, []);
  const record = preamble(settings, facts);
  assert.ok(!JSON.stringify(record).includes(SECRET));
  const inForce = record['settings'] as Record<string, unknown>;
  assert.deepEqual({ ...record, settings: undefined }, { ...facts, settings: undefined });
  assert.equal(inForce['OTEL_EXPORTER_OTLP_ENDPOINT'], 'http://[REDACTED]@collector:4318');
  assert.equal(inForce['MONITORING_METRICS_TOKEN'], '[REDACTED]');
  assert.equal(inForce['OTEL_EXPORTER_PROMETHEUS_PORT'], 9464);
  assert.equal(inForce['SMTP_TO'], 'ops@example.org');
  assert.ok(!('SMTP_HOST' in inForce));
});

test('credentials in an address are hidden however they are written, and nothing else is', () => {
  const shown = (url: string): unknown => {
    const { settings } = readSettings({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: url }, noFile);
    return (preamble(settings, facts)['settings'] as Record<string, unknown>)[
      'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT'
    ];
  };
  assert.equal(shown(`https://${SECRET}@host/v1/logs`), 'https://[REDACTED]@host/v1/logs');
  assert.equal(shown(`https://u:a@b${SECRET}@host/`), 'https://[REDACTED]@host/');
  assert.equal(shown('https://host/a@b'), 'https://host/a@b');
  const { settings } = readSettings({ OTEL_RESOURCE_ATTRIBUTES: `db=postgres://u:${SECRET}@db/app` }, noFile);
  assert.ok(!JSON.stringify(preamble(settings, facts)).includes(SECRET));
});

test('a malformed address with credentials does not show them', () => {
  for (const url of [
    `grpc://user:${SECRET}@host:4317`,
    `https://user:a/${SECRET}@host`,
    `user:${SECRET}@host:4318`,
  ]) {
    const { problems } = readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url }, noFile);
    assert.equal(problems.length, 1, url);
    assert.ok(!problems.map(formatProblem).join().includes(SECRET), url);
  }
});
