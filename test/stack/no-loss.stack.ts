import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './support/eventually.ts';
import { acknowledgedNumbers, numberedFolders, startNumberedService } from './support/numbered-service.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from './support/stack.ts';
import { countLogs, queryLogs } from './support/victoria-logs.ts';

const SERVICES = ['victorialogs', 'otelcol'] as const;
/** STACK_RECORDS=200000 STACK_OUTAGE_S=300 is the whole run. */
const RECORDS = Number(process.env['STACK_RECORDS'] ?? 20_000);
const OUTAGE_S = Number(process.env['STACK_OUTAGE_S'] ?? 5);
const ARRIVE_MS = 60_000 + RECORDS;

test(
  `of ${RECORDS} records every acknowledged one is in the log database, by uid, though collector and service are killed and the database is away for ${OUTAGE_S} s`,
  { skip: unlessBuilt(SERVICES) },
  async (context) => {
    const folder = temporaryFolder(context);
    const stack = await startTestStack(context, SERVICES, { folder });
    const [collector, database] = [stack.process('otelcol'), stack.process('victorialogs')];
    const url = stack.url('victorialogs', 9428);
    const folders = numberedFolders(folder);
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318) };

    async function acknowledged(share: number): Promise<void> {
      await eventually(async () => {
        const { length } = acknowledgedNumbers(folders);
        assert.ok(length >= RECORDS * share, `${length} of ${RECORDS} records are logged`);
      }, ARRIVE_MS);
    }

    const first = startNumberedService(context, folders, { first: 1, last: RECORDS }, settings);
    await acknowledged(0.1);
    await collector.kill();
    await acknowledged(0.2);
    await collector.start();
    await acknowledged(0.3);
    // In order: VictoriaLogs keeps what it has answered for up to five seconds in memory alone.
    await database.stop();
    const outage = delay(OUTAGE_S * 1000);
    await acknowledged(0.5);
    await first.end('SIGKILL');
    const next = (acknowledgedNumbers(folders).at(-1) ?? 0) + 1;
    assert.ok(next < RECORDS, 'the service is killed in the middle');
    const second = startNumberedService(context, folders, { first: next, last: RECORDS }, settings);
    await acknowledged(0.8);
    await collector.kill();
    await collector.start();
    await outage;
    await database.start();
    await acknowledged(1);

    const all = '{"service.name"="numbered"}';
    await eventually(async () => {
      const arrived = await countLogs(url, `${all} | stats count_uniq(sequence) n`);
      assert.equal(arrived, RECORDS, 'records that have arrived');
    }, ARRIVE_MS);
    await second.end('SIGTERM');
    await collector.stop();

    const rows = await queryLogs(url, `${all} | fields sequence, log.record.uid`);
    const uids = new Map<string, Set<number>>();
    const numbers = new Map<number, Set<string>>();
    for (const row of rows) {
      const [uid = '', number] = [row['log.record.uid'], Number(row['sequence'])];
      uids.set(uid, (uids.get(uid) ?? new Set()).add(number));
      numbers.set(number, (numbers.get(number) ?? new Set()).add(uid));
    }
    const missing = acknowledgedNumbers(folders).filter((number) => !numbers.has(number));
    assert.deepEqual(missing, [], 'acknowledged records that are missing');
    for (const [uid, of] of uids) assert.equal(of.size, 1, `records with the uid ${uid}`);
    // The record that was logged, and not yet noted as acknowledged, when the service was killed is logged again.
    const twice = [...numbers].filter(([, of]) => of.size > 1).map(([number]) => number);
    assert.ok(
      twice.length === 0 || (twice.length === 1 && twice[0] === next),
      `logged twice: ${twice.join()}`,
    );
    const repeated = rows.length - uids.size;
    context.diagnostic(`${rows.length} rows of ${uids.size} records: ${repeated} were delivered once more`);
  },
);
