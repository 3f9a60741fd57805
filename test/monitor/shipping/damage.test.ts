import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { provideLogging } from '../../../src/logging/current-logging.ts';
import { StructuredLogger } from '../../../src/logging/structured-logger.ts';
import { createSpoolShipper, type SpoolShipper } from '../../../src/monitor/shipping/shipper.ts';
import { ownIdentity } from '../../../src/spool/process-identity.ts';
import { segmentBase, spoolDirOf } from '../../../src/spool/segments.ts';
import { SpoolFolder } from '../../../src/spool/spool-folder.ts';
import { type FaultyDisk, faultyDisk } from '../../helpers/faulty-disk.ts';
import { type LogCollector, ok, startCollector } from '../../helpers/log-collector.ts';
import { filesIn, linesOf, recordingOwnLog, testLogging } from '../../helpers/logging.ts';
import { until } from '../../helpers/until.ts';

const DEADLINE_MS = 20_000;
const BASE = segmentBase(1000, 'dead', 1);

interface Scene {
  readonly dir: string;
  readonly spoolDir: string;
  readonly collector: LogCollector;
  readonly disk: FaultyDisk;
  readonly said: readonly string[];
  readonly ship: () => Promise<SpoolShipper>;
}

async function scene(t: TestContext, dir: string): Promise<Scene> {
  const spoolDir = spoolDirOf(dir, 'shop');
  mkdirSync(spoolDir, { recursive: true });
  const collector = await startCollector(t);
  const ownLog = recordingOwnLog();
  const disk = faultyDisk();
  return {
    dir,
    spoolDir,
    collector,
    disk,
    said: ownLog.said,
    async ship() {
      const shipper = createSpoolShipper({
        dir: spoolDir,
        logDir: dir,
        url: collector.url,
        headers: {},
        timeoutMs: 700,
        ownLog,
        gatherMs: 0,
        pollMs: 20,
        pauses: { firstMs: 5, maxMs: 20 },
        random: () => 0.5,
        disk,
      });
      t.after(() => shipper.stop());
      await shipper.drain(DEADLINE_MS);
      return shipper;
    },
  };
}

/** A segment that a dead process left, with records r0 to r4 and a further line after the second. */
function leave({ spoolDir }: Scene, between = ''): string {
  const header = {
    spool: 1,
    resource: {},
    processId: 'dead',
    ...ownIdentity(),
    start: 'never',
    format: 'text',
  };
  const record = (index: number): string =>
    `{"t":"1795501595046${String(index).padStart(6, '0')}","n":9,"s":"api","u":"U${index}","b":"r${index}"}\n`;
  const text = `${JSON.stringify(header)}\n${record(0)}${record(1)}${between}${record(2)}${record(3)}${record(4)}`;
  const path = join(spoolDir, `${BASE}.seg`);
  writeFileSync(path, text);
  return path;
}

const bodies = ({ collector }: Scene): string[] => collector.taken.map(({ body }) => body);
const ALL = ['r0', 'r1', 'r2', 'r3', 'r4'];
const fresh = (t: TestContext): string => testLogging(t).dir;

for (const [name, line] of [
  ['a damaged record', '{"t":"1795501595046000009","n":9,"s":"api","u":"X","b":oops}\n'],
  ['a record of another form', '{"t":"soon","n":"x","s":7}\n'],
  ['zeros, as a power cut leaves them', `${'\u0000'.repeat(500)}\n`],
  ['a line of 9 MB', `{"t":"${'x'.repeat(9_000_000)}\n`],
] as const) {
  test(`L4 ${name} vanishes with the counters at 0`, async (t) => {
    const one = await scene(t, fresh(t));
    leave(one, line);
    const shipper = await one.ship();
    assert.deepEqual(bodies(one), ALL);
    assert.equal(shipper.stats().lost.damaged, 1);
    assert.equal(one.said.filter((text) => text.includes('MON_SPOOL_LINES')).length, 1);
    assert.deepEqual(new SpoolFolder(one.spoolDir).list(), []);
    assert.equal(linesOf(one.dir, 'api').length, 5);
  });
}

for (const ack of ['99999999 3\n', '60 1\n', 'nonsense\n', '-5 2\n', '1e3 2\n', '\n']) {
  test(`L4 with an acknowledgement of ${JSON.stringify(ack)} records vanish`, async (t) => {
    const one = await scene(t, fresh(t));
    leave(one);
    writeFileSync(join(one.spoolDir, `${BASE}.ack`), ack);
    await one.ship();
    assert.deepEqual(bodies(one), ALL);
    assert.deepEqual(new SpoolFolder(one.spoolDir).list(), []);
  });
}

test('L4 a segment names a file outside of the log folder', async (t) => {
  const one = await scene(t, fresh(t));
  const path = leave(one);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"s":"api"', '"s":"api","p":"../../pwned"'));
  await one.ship();
  assert.equal(one.collector.taken.length, 5);
  assert.deepEqual(
    filesIn(join(one.dir, '..')).filter((name) => name.includes('pwned')),
    [],
  );
  assert.equal(filesIn(one.dir).filter((name) => name.includes('pwned')).length, 1);
});

test('L3 refused records that cannot be kept aside are sent again and again', async (t) => {
  const one = await scene(t, fresh(t));
  leave(one);
  writeFileSync(join(one.spoolDir, 'refused'), 'in the way');
  one.collector.respond = () => ok('{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}');
  const shipper = await one.ship();
  const { shipped, refused, lost } = shipper.stats();
  assert.deepEqual([shipped, refused, lost.refused], [3, 2, 2]);
  assert.equal(one.collector.requests.length, 1);
  assert.equal(one.said.filter((text) => text.includes('MON_LOGS_REFUSED_LOST')).length, 1);
});

test('a segment without a header is kept aside, and its records are counted', async (t) => {
  const one = await scene(t, fresh(t));
  const path = leave(one);
  writeFileSync(path, readFileSync(path, 'utf8').replace('{"spool":1', '{"spool":'));
  // Nobody has written to it for long.
  one.disk.touch(path, 1000);
  const shipper = await one.ship();
  await until(() => shipper.stats().lost.damaged > 0);
  assert.equal(shipper.stats().lost.damaged, 5);
  assert.ok(filesIn(one.spoolDir).includes(`${BASE}.damaged`));
});

test('an acknowledgement that cannot be written has nothing sent twice by this process', async (t) => {
  const one = await scene(t, fresh(t));
  leave(one);
  one.disk.fault = ({ path }) => (path.endsWith('.ack') ? 'ENOSPC' : undefined);
  await one.ship();
  assert.deepEqual(bodies(one), ALL);
});

test('L4 the spool is removed while the service runs: its records come once more, none is lost', async (t) => {
  let nowMs = Date.now();
  const { logging, dir } = testLogging(t, {}, { spool: true, now: () => nowMs });
  provideLogging(() => logging);
  const logger = new StructuredLogger('api');
  const one = await scene(t, dir);
  one.collector.respond = () => ({ status: 503 });
  for (let index = 0; index < 50; index++) logger.info(`n${index}`);
  const shipper = await one.ship();
  rmSync(join(dir, 'spool'), { recursive: true });
  for (let index = 50; index < 60; index++) logger.info(`n${index}`);
  nowMs += 1500;
  one.collector.respond = () => ok();
  for (let index = 60; index < 70; index++) logger.info(`n${index}`);
  shipper.kick();
  await one.collector.untilTaken(70);
  assert.deepEqual(
    bodies(one),
    Array.from({ length: 70 }, (_, index) => `n${index}`),
  );
  assert.equal(logging.stats().lost.spool, 0);
});

test('L4 the whole log folder is removed while the service runs: the lines follow, the records are there', async (t) => {
  let nowMs = Date.now();
  const { logging, dir } = testLogging(t, {}, { spool: true, now: () => nowMs });
  provideLogging(() => logging);
  const logger = new StructuredLogger('api');
  for (let index = 0; index < 20; index++) logger.info(`n${index}`);
  rmSync(dir, { recursive: true });
  nowMs += 1500;
  for (let index = 20; index < 30; index++) logger.info(`n${index}`);
  logging.flushSync();
  assert.equal(logging.stats().lost.spool, 0);
  const one = await scene(t, dir);
  await one.ship();
  assert.equal(new Set(bodies(one)).size, 30);
  assert.ok(linesOf(dir, 'api').length >= 10);
});

test('a clock that is set back does not stop the shipping', async (t) => {
  const one = await scene(t, fresh(t));
  const path = leave(one);
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  let nowMs = Date.now();
  const shipper = createSpoolShipper({
    dir: one.spoolDir,
    logDir: one.dir,
    url: one.collector.url,
    headers: {},
    timeoutMs: 700,
    ownLog: recordingOwnLog(),
    gatherMs: 0,
    pollMs: 5,
    pauses: { firstMs: 5, maxMs: 20 },
    // Each look at the clock is later than the one before, by much.
    now: () => (nowMs += 10_000),
  });
  t.after(() => shipper.stop());
  await one.collector.untilTaken(5);
  nowMs -= 86_400_000;
  appendFileSync(path, '');
  shipper.kick();
  await until(() => new SpoolFolder(one.spoolDir).list().length === 0);
  assert.deepEqual(
    warnings.filter((name) => name.includes('Timeout')),
    [],
  );
});
