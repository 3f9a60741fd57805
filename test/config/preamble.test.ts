import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preamble } from '../../src/config/preamble.ts';
import { readSettings } from '../../src/config/read-settings.ts';

const facts = { version: '1', node: 'v24', service: 'shop', pid: 17 };

test('R the record at start shows no credentials, query values, foreign attributes or mail user', () => {
  const { settings } = readSettings(
    {
      MONITORING_SCRAPE: 'http://u:s3cr1@h/metrics?token=s3cr2,b=http://x/',
      MONITORING_PROMETHEUS_URL: 'http://h/?key=s3cr3',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://u:s3cr4@collector:4318',
      MONITORING_EXTERNAL_URL: 'https://m.example/?auth=s3cr5',
      OTEL_RESOURCE_ATTRIBUTES: 'api_key=s3cr6,service.namespace=till',
      SMTP_USER: 's3cr7@example.org',
    },
    () => assert.fail('no file is named'),
  );
  const shown = JSON.stringify(preamble(settings, facts));
  assert.doesNotMatch(shown, /s3cr/);
  for (const kept of ['till', 'collector:4318', 'm.example', '"SMTP_USER":"[REDACTED]"', '"SMTP_PORT":587'])
    assert.ok(shown.includes(kept), kept);
});
