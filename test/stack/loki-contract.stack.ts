// What the real collector sends, judged by a model of Loki 3.7's documented rules with our own loki.yaml. The model is
// not Loki, which cannot be built here.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { EditConfiguration } from '../../scripts/stack/native-spec.ts';
import type { NativeStack } from '../../scripts/stack/native-stack.ts';
import { atEnd } from '../helpers/stack/at-end.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { LokiModel, startLokiModel, type LokiServer } from '../helpers/stack/loki/model.ts';
import { assertNothingLost, OUTAGE_S, RECORDS, runThroughOutages } from '../helpers/stack/outages.ts';
import { startTestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

const SERVICES = ['otelcol'] as const;

/** The model reads OTLP as JSON, Loki as protobuf too: the one change to the collector's configuration. */
const asJson: EditConfiguration = (path, text) =>
  path.endsWith('/otelcol.yaml')
    ? text.replace('  otlp_http/logs:\n', '  otlp_http/logs:\n    encoding: json\n')
    : text;

interface Contract {
  readonly stack: NativeStack;
  readonly loki: LokiServer;
  readonly folder: string;
}

async function startContract(context: TestContext, model?: LokiModel): Promise<Contract> {
  const folder = temporaryFolder(context);
  const loki = await startLokiModel(model);
  atEnd(context, async () => loki.stop());
  const stack = await startTestStack(context, SERVICES, { folder, edit: asJson, lokiUrl: loki.url });
  return { stack, loki, folder };
}

async function sendToCollector(stack: NativeStack, atMs: number, uid: string): Promise<void> {
  const attribute = (key: string, stringValue: string): unknown => ({ key, value: { stringValue } });
  const logRecord = {
    timeUnixNano: String(BigInt(atMs) * 1_000_000n),
    body: { stringValue: 'by hand' },
    attributes: [attribute('application', 'api'), attribute('log.record.uid', uid)],
  };
  const resource = { attributes: [attribute('service.name', 'by-hand')] };
  const response = await fetch(stack.url('otelcol', 4318, '/v1/logs'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [logRecord] }] }] }),
  });
  assert.equal(response.status, 200, await response.text());
}

test(
  'what a preloaded service logs has the labels service_name and application and no others, and nothing of it is refused',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const { stack, loki, folder } = await startContract(context);
    const shop = await startTestShop(context, folder, {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
    });
    await shop.visit();
    await eventually(async () => {
      const labels = [...loki.model.streams.values()].map((stream) => stream.labels);
      assert.deepEqual(
        labels.sort((one, other) => (String(one['application']) < String(other['application']) ? -1 : 1)),
        ['ai', 'api', 'app', 'db', 'security'].map((application) => ({ application, service_name: 'shop' })),
      );
    });
    const login = loki.model.entries().find(({ line }) => line === 'login failed');
    assert.ok(login);
    assert.equal(login.metadata['severity_text'], 'WARNING');
    assert.equal(login.metadata['user'], 'ada');
    assert.equal(login.metadata['scope_name'], 'security');
    assert.match(login.metadata['code_file_path'] ?? '', /login\.js$/);
    assert.match(login.metadata['log_record_uid'] ?? '', /^\w{26}$/);
    assert.equal(loki.model.refusals(), 0);
  },
);

test(
  `of ${RECORDS} records each is there exactly once and none was refused, though collector and service are killed and the database is away for ${OUTAGE_S} s`,
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const { stack, loki, folder } = await startContract(context);
    const arrived = (): readonly { number: number; uid: string }[] =>
      loki.model
        .entries()
        // The second process logs that the one before was killed: that record has no number.
        .filter(({ metadata }) => metadata['sequence'] !== undefined)
        .map(({ metadata }) => ({
          number: Number(metadata['sequence']),
          uid: metadata['log_record_uid'] ?? '',
        }));
    const outcome = await runThroughOutages(context, stack, folder, {
      stop: async () => loki.stop(),
      start: async () => loki.start(),
      arrived: async () => new Set(arrived().map(({ number }) => number)).size,
    });
    assertNothingLost(outcome, arrived());
    const uids = new Set(arrived().map(({ uid }) => uid));
    assert.equal(arrived().length, uids.size, 'entries, one for each uid');
    assert.deepEqual([...loki.model.refused], []);
  },
);

test(
  'what the log database refuses for now (429) arrives when there is room again',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const model = new LokiModel({ ingestionBytesPerSecond: 20, ingestionBurstBytes: 40 });
    const { stack } = await startContract(context, model);
    for (let number = 0; number < 5; number += 1) {
      await sendToCollector(stack, Date.now(), `record-${number}`);
      // One request each: the collector makes no batch of them.
      await eventually(async () => assert.ok(model.entries().length + model.refusals() > number));
    }
    await eventually(async () => assert.equal(model.entries().length, 5));
    assert.ok((model.refused.get('rate_limited') ?? 0) > 0, 'some were refused at first');
  },
);

test(
  'what the log database refuses for good (400) is counted by the collector, and what comes after it arrives',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const { stack, loki } = await startContract(context);
    await sendToCollector(stack, Date.now() - 30 * 86_400_000, 'too-old');
    await eventually(async () =>
      assert.deepEqual([...loki.model.refused], [['greater_than_max_sample_age', 1]]),
    );
    await sendToCollector(stack, Date.now(), 'in-time');
    await eventually(async () => assert.equal(loki.model.entries().length, 1));
    await eventually(async () => {
      const page = await (await fetch(stack.url('otelcol', 8888, '/metrics'))).text();
      const failed = /^otelcol_exporter_send_failed_log_records\S*\{[^}]*otlp_http\/logs[^}]*\} (\S+)$/m.exec(
        page,
      );
      assert.equal(failed?.[1], '1');
    });
  },
);
