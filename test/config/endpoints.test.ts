import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logsEndpoint, logsHeaders, metricsEndpoint, metricsHeaders } from '../../src/config/endpoints.ts';
import { readSettings, type Settings } from '../../src/config/read-settings.ts';

function settingsOf(env: NodeJS.ProcessEnv): Settings {
  const { settings, problems } = readSettings(env, () => '');
  assert.deepEqual(problems, []);
  return settings;
}

test('without an endpoint nothing is sent', () => {
  assert.equal(logsEndpoint(settingsOf({})), undefined);
  assert.equal(metricsEndpoint(settingsOf({})), undefined);
});

test('the base address gets the path of the signal, with or without a last slash', () => {
  for (const base of ['http://collector:4318', 'http://collector:4318/', 'http://collector:4318//']) {
    const settings = settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: base });
    assert.equal(logsEndpoint(settings), 'http://collector:4318/v1/logs');
    assert.equal(metricsEndpoint(settings), 'http://collector:4318/v1/metrics');
  }
  const below = settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://host/otlp' });
  assert.equal(logsEndpoint(below), 'https://host/otlp/v1/logs');
});

test('an address of one signal is used as it is, and for that signal only', () => {
  const settings = settingsOf({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://b:3100/otlp/v1/logs',
  });
  assert.equal(logsEndpoint(settings), 'http://b:3100/otlp/v1/logs');
  assert.equal(metricsEndpoint(settings), 'http://a:4318/v1/metrics');
  const alone = settingsOf({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c/m' });
  assert.equal(metricsEndpoint(alone), 'http://c/m');
  assert.equal(logsEndpoint(alone), undefined);
});

test('an exporter that is switched off has no endpoint', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318' };
  const off = settingsOf({ ...env, OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'prometheus' });
  assert.equal(logsEndpoint(off), undefined);
  assert.equal(metricsEndpoint(off), undefined);
});

test('headers of one signal are added to the common ones and win over them', () => {
  const settings = settingsOf({
    OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=1',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'b=2',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'c=3',
  });
  assert.deepEqual(logsHeaders(settings), { a: '1', b: '2' });
  assert.deepEqual(metricsHeaders(settings), { a: '1', b: '1', c: '3' });
  assert.deepEqual(logsHeaders(settingsOf({})), {});
});

test('M an endpoint with a query keeps it behind the path of the signal', () => {
  const settings = settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://host:4318/otlp/?key=abc' });
  assert.equal(logsEndpoint(settings), 'http://host:4318/otlp/v1/logs?key=abc');
  assert.equal(metricsEndpoint(settings), 'http://host:4318/otlp/v1/metrics?key=abc');
});
