import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EditConfiguration } from '../../scripts/stack/native-spec.ts';
import { refusedBy } from '../helpers/stack/collector-counts.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { numberedFolders, startNumberedService } from '../helpers/stack/numbered-service.ts';
import { assertNothingLost, OUTAGE_S, RECORDS, runThroughOutages } from '../helpers/stack/outages.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';
import { countLogs, queryLogs } from '../helpers/stack/victoria-logs.ts';

const SERVICES = ['victorialogs', 'otelcol'] as const;
const ALL = '{"service.name"="numbered"}';

test(
  `of ${RECORDS} records every acknowledged one is in the log database, by uid, though collector and service are killed and the database is away for ${OUTAGE_S} s`,
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const folder = temporaryFolder(context);
    const stack = await startTestStack(context, SERVICES, { folder });
    const url = stack.url('victorialogs', 9428);
    const database = stack.process('victorialogs');
    const outcome = await runThroughOutages(context, stack, folder, {
      // In order: VictoriaLogs keeps what it has answered for up to five seconds in memory alone.
      stop: async () => database.stop(),
      start: async () => database.start(),
      arrived: async () => countLogs(url, `${ALL} | stats count_uniq(sequence) n`),
    });
    const rows = await queryLogs(url, `${ALL} | fields sequence, log.record.uid`);
    const arrived = rows.map((row) => ({
      number: Number(row['sequence']),
      uid: row['log.record.uid'] ?? '',
    }));
    assertNothingLost(outcome, arrived);
    const records = new Set(arrived.map(({ uid }) => uid)).size;
    context.diagnostic(
      `${rows.length} rows of ${records} records: VictoriaLogs keeps what is delivered once more`,
    );
  },
);

/** A queue of 4 MB in place of 2 GiB; larger than a request, smaller than all of them. */
const smallQueue: EditConfiguration = (path, text) =>
  path.endsWith('/otelcol.yaml') ? text.replace('queue_size: 2147483648', 'queue_size: 4000000') : text;

test(
  'a collector whose queue is full refuses records, the service keeps them, and all arrive when there is room again',
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const folder = temporaryFolder(context);
    const stack = await startTestStack(context, SERVICES, { folder, edit: smallQueue });
    const database = stack.process('victorialogs');
    await database.stop();
    const range = { first: 1, last: 20_000 };
    startNumberedService(context, numberedFolders(folder), range, {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
    });
    await eventually(async () => {
      assert.ok((await refusedBy(stack.url('otelcol', 8888, '/metrics'))) > 0, 'records are refused');
    });
    await database.start();
    await eventually(async () => {
      const url = stack.url('victorialogs', 9428);
      const arrived = await countLogs(url, `${ALL} | stats count_uniq(sequence) n`);
      assert.equal(arrived, range.last, 'records that have arrived');
    }, 90_000);
  },
);
