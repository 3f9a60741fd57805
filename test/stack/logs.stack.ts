import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Service } from '../helpers/service.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { queryLoki } from '../helpers/stack/loki/query.ts';
import { startTestShop, type TestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';
import { queryLogs } from '../helpers/stack/victoria-logs.ts';

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

/** A field of a record, whose name is written with underscores in Loki. */
type Field = (name: string) => string | undefined;

function assertRecord(field: Field, expected: Expected): void {
  assert.equal(field('severity_text'), expected.level);
  assert.equal(field('severity_number'), expected.severity);
  assert.equal(field('service.name'), 'shop');
  assert.equal(field('scope.name'), expected.application);
  assert.equal(field('scope.version'), '1');
  assert.match(field('log.record.uid') ?? '', /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.match(field('code.file.path') ?? '', expected.file);
  assert.match(field('code.line.number') ?? '', /^[1-9]\d*$/);
  if (expected.functionName !== undefined) assert.equal(field('code.function.name'), expected.functionName);
  for (const [name, value] of Object.entries(expected.extras)) assert.equal(field(name), value, name);
}

function assertRecent(ms: number): void {
  const ageMs = Date.now() - ms;
  assert.ok(ageMs >= 0 && ageMs < 120_000, `logged ${ageMs} ms ago`);
}

test(
  'each documented logger is found in the log database by application, with level, extras and code location',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const stack = await startTestStack(context, SERVICES);
    const shop = await startTestShop(context, temporaryFolder(context), {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
    });
    await shop.visit();
    for (const expected of EXPECTED) {
      const { application, message } = expected;
      const found = await eventually(async () => {
        const query = `{application="${application}"} _msg:="${message}"`;
        const [record, ...others] = await queryLogs(stack.url('victorialogs', 9428), query);
        assert.ok(record, `${application}: ${message}`);
        assert.equal(others.length, 0);
        return record;
      });
      assertRecord((name) => found[name], expected);
      assertRecent(Date.parse(found['_time'] ?? ''));
      assert.equal(found['_stream'], `{application="${application}",service.name="shop"}`);
    }
  },
);

const lokiUrl = process.env['LOKI_URL'];

test(
  'the same holds in the Loki that LOKI_URL names, asked by LogQL',
  { skip: lokiUrl === undefined ? 'no Loki: LOKI_URL is not set' : unlessBuilt(['otelcol']) },
  async (context) => {
    const url = lokiUrl ?? '';
    const stack = await startTestStack(context, ['otelcol'], { lokiUrl: url });
    // A Loki that is in use holds other shops as well.
    const run = randomUUID();
    const shop = await startTestShop(context, temporaryFolder(context), {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
      OTEL_RESOURCE_ATTRIBUTES: `test.run=${run}`,
    });
    await shop.visit();
    for (const expected of EXPECTED) {
      const { application, message } = expected;
      const found = await eventually(async () => {
        const query = `{service_name="shop", application="${application}"} | test_run="${run}" |= "${message}"`;
        const [record, ...others] = await queryLoki(url, query);
        assert.ok(record, `${application}: ${message}`);
        assert.equal(others.length, 0);
        return record;
      });
      assert.equal(found.line, message);
      assertRecord((name) => found.labels[name.replaceAll('.', '_')], expected);
      assertRecent(found.atMs);
    }
  },
);

test(
  'a record logged inside a span is found by its trace id',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const stack = await startTestStack(context, SERVICES);
    await using service = new Service(join(import.meta.dirname, 'fixtures', 'traced.cjs'), {
      env: {
        OTEL_TRACES_EXPORTER: 'console',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
      },
    });
    const [, traceId = ''] = await service.line(/trace (\w{32})/);
    await eventually(async () => {
      const records = await queryLogs(stack.url('victorialogs', 9428), `trace_id:="${traceId}"`);
      assert.deepEqual(
        records.map((record) => [record['application'], record['_msg']]),
        [['api', 'inside']],
      );
    });
  },
);

interface Mistake {
  readonly what: string;
  /** The scheme with which the service speaks to the collector, which speaks plain HTTP and asks for a token. */
  readonly scheme: string;
  readonly token: string;
  readonly said: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  { what: 'a wrong token', scheme: 'http', token: 'wrong', said: /MON_LOGS_UNREACHABLE.*HTTP 401/ },
  {
    what: 'TLS to a collector without it',
    scheme: 'https',
    token: 'open-sesame',
    said: /MON_LOGS_UNREACHABLE.*(?:SSL|TLS|EPROTO|wrong version)/i,
  },
];

for (const { what, scheme, token, said } of MISTAKES) {
  test(
    `with ${what} records are kept, it is said, and they arrive once it is put right`,
    { skip: unlessBuilt(SERVICES) },
    async (context) => {
      const stack = await startTestStack(context, SERVICES, {
        env: { OTLP_ACCESS: 'token', OTLP_TOKEN: 'open-sesame' },
      });
      const folder = temporaryFolder(context);
      const endpoint = stack.url('otelcol', 4318);
      const start = async (url: string, shown: string): Promise<TestShop> =>
        startTestShop(context, folder, {
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
          OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${shown}`,
          OTEL_METRICS_EXPORTER: 'none',
        });
      const mistaken = await start(endpoint.replace(/^http/, scheme), token);
      await eventually(async () => {
        assert.match(readFileSync(join(folder, 'shop.out'), 'utf8'), said);
      });
      await mistaken.stop();
      await start(endpoint, 'open-sesame');
      await eventually(async () => {
        const query = '{application="api"} _msg:="shop opened"';
        const records = await queryLogs(stack.url('victorialogs', 9428), query);
        assert.equal(records.length, 2, 'one of each start');
      });
    },
  );
}
