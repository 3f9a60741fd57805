import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { provideLogging } from '../../src/logging/current-logging.ts';
import { StructuredLogger } from '../../src/logging/structured-logger.ts';
import { createSpoolShipper } from '../../src/monitor/shipping/shipper.ts';
import { spoolDirOf } from '../../src/spool/segments.ts';
import { type Fault, faultyDisk, type SeenCall } from '../helpers/faulty-disk.ts';
import { ok, startCollector } from '../helpers/log-collector.ts';
import { linesOf, localMs, recordingOwnLog, testLogging } from '../helpers/logging.ts';
import { until } from '../helpers/until.ts';

const DEADLINE_MS = 20_000;
const CHANGING = new Set(['write', 'truncate', 'makeFolder', 'rename', 'unlink', 'touch']);

interface Outage {
  readonly name: string;
  readonly fault: (seen: SeenCall) => Fault | undefined;
  /** The folder that is removed now and then. */
  readonly removed?: string;
  readonly isCollectorDown?: boolean;
}

const OUTAGES: readonly Outage[] = [
  { name: 'disk full', fault: ({ call }) => (call === 'write' ? 'ENOSPC' : undefined) },
  {
    name: 'disk full, collector down',
    fault: ({ call }) => (call === 'write' || call === 'makeFolder' ? 'ENOSPC' : undefined),
    isCollectorDown: true,
  },
  { name: 'read-only', fault: ({ call }) => (CHANGING.has(call) || call === 'open' ? 'EROFS' : undefined) },
  {
    name: 'no descriptors',
    fault: ({ call }) => (call === 'open' || call === 'list' ? 'EMFILE' : undefined),
  },
  { name: 'disk broken', fault: () => 'EIO', isCollectorDown: true },
  { name: 'log folder removed', fault: () => undefined, removed: '.' },
  { name: 'spool removed, collector down', fault: () => undefined, removed: 'spool', isCollectorDown: true },
];

for (const { name, fault, removed, isCollectorDown = false } of OUTAGES) {
  test(`${name} for a minute under load and then well again: the table of records by fate adds up`, async (t) => {
    let nowMs = localMs(2026, 11, 23, 12);
    const now = (): number => nowMs;
    const disk = faultyDisk();
    const { logging, dir, ownLog } = testLogging(t, {}, { spool: true, disk, now });
    provideLogging(() => logging);
    const loggers = ['api', 'db', 'security'].map((logger) => new StructuredLogger(logger));
    const collector = await startCollector(t);
    const shipper = createSpoolShipper({
      dir: spoolDirOf(dir, 'shop'),
      logDir: dir,
      url: collector.url,
      headers: {},
      timeoutMs: 700,
      ownLog: recordingOwnLog(),
      gatherMs: 0,
      pollMs: 5,
      pauses: { firstMs: 5, maxMs: 20 },
      disk,
    });
    t.after(() => shipper.stop());
    let logged = 0;
    /** A second of load. */
    async function second(): Promise<void> {
      for (let index = 0; index < 60; index++) loggers[index % 3]?.info(`record ${logged++}`);
      nowMs += 1000;
      if (logged % 300 === 0) logging.flushSync();
      shipper.kick();
      await turn();
    }
    for (let index = 0; index < 5; index++) await second();
    disk.fault = fault;
    if (isCollectorDown) collector.respond = () => ({ status: 503 });
    for (let index = 0; index < 60; index++) {
      await second();
      if (removed !== undefined && index % 20 === 10)
        rmSync(join(dir, removed), { recursive: true, force: true });
    }
    disk.fault = () => undefined;
    collector.respond = () => ok();
    for (let index = 0; index < 20; index++) await second();
    nowMs += 60_000;
    logging.flushSync();
    nowMs += 60_000;
    logging.flushSync();
    logging.close();
    nowMs += 600_000;
    const { lost } = logging.stats();
    const arrived = (): number => new Set(collector.taken.map(({ uid }) => uid)).size;
    // A drain ends early while the last request has failed: what is left then is still in the spool.
    await until(
      async () => {
        nowMs += 1000;
        await shipper.drain(DEADLINE_MS);
        return arrived() + lost.spool + lost.full + lost.error >= logged;
      },
      { what: () => `${arrived()} of ${logged} delivered, ${JSON.stringify(lost)}` },
    );

    const delivered = arrived();
    const lines = new Set(
      ['api', 'db', 'security'].flatMap((logger) => linesOf(dir, logger).map((line) => line.split(' - ')[3])),
    );
    const table = { logged, delivered, lines: lines.size, ...lost, said: ownLog.said.length };
    assert.equal(delivered + lost.spool + lost.full + lost.error, logged, JSON.stringify(table));
    if (removed === undefined) assert.equal(lines.size + lost.file, logged, JSON.stringify(table));
    // Files that are open stay open: only who cannot write loses anything.
    const canWrite = removed !== undefined || name === 'no descriptors';
    assert.equal(lost.spool > 0, !canWrite, JSON.stringify(table));
    assert.ok(ownLog.said.length < 20, JSON.stringify(ownLog.said));
  });
}
