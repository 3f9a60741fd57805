import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './support/eventually.ts';
import { startTestShop } from './support/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from './support/stack.ts';
import { queryLogs, type FoundRecord } from './support/victoria-logs.ts';

const SERVICES = ['victorialogs', 'otelcol'] as const;

interface Expected {
  readonly application: string;
  readonly message: string;
  readonly level: string;
  readonly severity: string;
  readonly extras: Readonly<Record<string, string>>;
  readonly file: RegExp;
  readonly functionName?: string;
}

const EXPECTED: readonly Expected[] = [
  {
    application: 'api',
    message: 'order placed',
    level: 'INFO',
    severity: '9',
    extras: { order: '1', customer: '1' },
    file: /demo\/shop\/routes\/orders\.js$/,
  },
  {
    application: 'ai',
    message: 'completion',
    level: 'INFO',
    severity: '9',
    extras: { model: 'gpt-4o-mini' },
    file: /demo\/shop\/telemetry\.js$/,
    functionName: 'timedCompletion',
  },
  {
    application: 'db',
    message: 'database filled',
    level: 'INFO',
    severity: '9',
    extras: { products: '8', customers: '5' },
    file: /demo\/shop\/database\.js$/,
    functionName: 'openDatabase',
  },
  {
    application: 'security',
    message: 'login failed',
    level: 'WARNING',
    severity: '13',
    extras: { user: 'ada' },
    file: /demo\/shop\/routes\/login\.js$/,
  },
];

function assertRecord(found: FoundRecord, expected: Expected): void {
  assert.equal(found['severity_text'], expected.level);
  assert.equal(found['severity_number'], expected.severity);
  assert.equal(found['service.name'], 'shop');
  assert.equal(found['scope.name'], expected.application);
  assert.equal(found['scope.version'], '1');
  assert.match(found['log.record.uid'] ?? '', /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.match(found['code.file.path'] ?? '', expected.file);
  assert.match(found['code.line.number'] ?? '', /^[1-9]\d*$/);
  if (expected.functionName !== undefined) assert.equal(found['code.function.name'], expected.functionName);
  for (const [name, value] of Object.entries(expected.extras)) assert.equal(found[name], value, name);
  const ageMs = Date.now() - Date.parse(found['_time'] ?? '');
  assert.ok(ageMs >= 0 && ageMs < 120_000, `logged ${ageMs} ms ago`);
}

test(
  'each documented logger is found in the log database by application, with level, extras and code location',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const stack = await startTestStack(context, SERVICES);
    const folder = temporaryFolder(context);
    const shop = await startTestShop(context, folder, {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
    });
    await shop.visit();
    const database = stack.url('victorialogs', 9428);
    for (const expected of EXPECTED) {
      const { application, message } = expected;
      const found = await eventually(async () => {
        const records = await queryLogs(database, `{application="${application}"} _msg:="${message}"`);
        assert.equal(records.length, 1, `${application}: ${message}`);
        return records[0] as FoundRecord;
      });
      assertRecord(found, expected);
      assert.equal(found['_stream'], `{application="${application}",service.name="shop"}`);
    }
  },
);

test(
  'with a token set, the collector takes records of a service that shows it and refuses others with 401',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const stack = await startTestStack(context, SERVICES, {
      env: { OTLP_ACCESS: 'token', OTLP_TOKEN: 'open-sesame' },
    });
    const collector = stack.url('otelcol', 4318);
    const refused = await fetch(`${collector}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer other' },
      body: '{}',
    });
    assert.equal(refused.status, 401);
    await startTestShop(context, temporaryFolder(context), {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20open-sesame',
    });
    await eventually(async () => {
      const records = await queryLogs(
        stack.url('victorialogs', 9428),
        '{application="api"} _msg:="shop opened"',
      );
      assert.equal(records.length, 1);
    });
  },
);
