import { test } from 'node:test';
import { assertNothingLost, OUTAGE_S, RECORDS, runThroughOutages } from './support/outages.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from './support/stack.ts';
import { countLogs, queryLogs } from './support/victoria-logs.ts';

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
