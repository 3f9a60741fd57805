import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { NativeStack } from '../../../scripts/stack/native-stack.ts';
import { eventually } from './eventually.ts';
import {
  acknowledgedNumbers,
  numberedFolders,
  startNumberedService,
  type NumberedFolders,
} from './numbered-service.ts';

/** STACK_RECORDS=200000 STACK_OUTAGE_S=300 is the whole run. */
export const RECORDS = Number(process.env['STACK_RECORDS'] ?? 20_000);
export const OUTAGE_S = Number(process.env['STACK_OUTAGE_S'] ?? 5);
/** How long a run may take to arrive once all is well again. */
export const ARRIVE_MS = 60_000 + RECORDS;

/** The log database of a run, as far as the run is concerned. */
interface Database {
  stop(): Promise<void>;
  start(): Promise<void>;
  /** How many different records have arrived. */
  arrived(): Promise<number>;
}

export interface Outcome {
  /** The number of every record whose log call returned. */
  readonly acknowledged: readonly number[];
  /** The one record that may have been logged twice: it was under way when the service was killed. */
  readonly underWay: number;
}

/**
 * A preloaded service logs RECORDS numbered records while the collector is killed twice, the service once, and the
 * log database is away for OUTAGE_S. Resolves when all of them have arrived and service and collector have ended.
 */
export async function runThroughOutages(
  context: TestContext,
  stack: NativeStack,
  folder: string,
  database: Database,
): Promise<Outcome> {
  const collector = stack.process('otelcol');
  const folders: NumberedFolders = numberedFolders(folder);
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
  await database.stop();
  const outage = delay(OUTAGE_S * 1000);
  await acknowledged(0.5);
  await first.end('SIGKILL');
  const underWay = (acknowledgedNumbers(folders).at(-1) ?? 0) + 1;
  assert.ok(underWay < RECORDS, 'the service is killed in the middle');
  const second = startNumberedService(context, folders, { first: underWay, last: RECORDS }, settings);
  await acknowledged(0.8);
  await collector.kill();
  await collector.start();
  await outage;
  await database.start();
  await acknowledged(1);
  await eventually(async () => {
    assert.equal(await database.arrived(), RECORDS, 'records that have arrived');
  }, ARRIVE_MS);
  await second.end('SIGTERM');
  await collector.stop();
  return { acknowledged: acknowledgedNumbers(folders), underWay };
}

/** A record as a log database has it. */
interface Arrived {
  readonly number: number;
  readonly uid: string;
}

/** Every acknowledged number is there, each uid belongs to one number and each number but one has one uid. */
export function assertNothingLost({ acknowledged, underWay }: Outcome, arrived: readonly Arrived[]): void {
  const numbersOf = new Map<string, Set<number>>();
  const uidsOf = new Map<number, Set<string>>();
  for (const { number, uid } of arrived) {
    numbersOf.set(uid, (numbersOf.get(uid) ?? new Set()).add(number));
    uidsOf.set(number, (uidsOf.get(number) ?? new Set()).add(uid));
  }
  const missing = acknowledged.filter((number) => !uidsOf.has(number));
  assert.deepEqual(missing, [], 'acknowledged records that are missing');
  for (const [uid, numbers] of numbersOf) assert.equal(numbers.size, 1, `records with the uid ${uid}`);
  const twice = [...uidsOf].filter(([, uids]) => uids.size > 1).map(([number]) => number);
  assert.ok(
    twice.every((number) => number === underWay),
    `logged twice: ${twice.join()}`,
  );
}
