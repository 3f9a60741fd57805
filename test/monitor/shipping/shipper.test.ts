import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { provideLogging } from '../../../src/logging/current-logging.ts';
import { ownIdentity } from '../../../src/spool/process-identity.ts';
import { SpoolFolder } from '../../../src/spool/spool-folder.ts';
import { segmentBase, spoolDirOf } from '../../../src/spool/segments.ts';
import { StructuredLogger } from '../../../src/logging/structured-logger.ts';
import {
  createSpoolShipper,
  type SpoolShipper,
  type SpoolShipperOptions,
} from '../../../src/monitor/shipping/shipper.ts';
import { bodiesOf, filesIn, linesOf, recordingOwnLog, testLogging } from '../../helpers/logging.ts';
import { type LogCollector, ok, startCollector } from '../../helpers/log-collector.ts';
import { until } from '../../helpers/until.ts';

const PROGRAM = join(import.meta.dirname, '../../logging/recovery/programs/logger.ts');
const SHIPPER = join(import.meta.dirname, 'programs', 'shipper.ts');
/** Long enough never to decide a test that works. */
const DEADLINE_MS = 20_000;

interface Setup {
  readonly dir: string;
  readonly spoolDir: string;
  readonly logger: StructuredLogger;
  readonly collector: LogCollector;
  readonly said: readonly string[];
  readonly shipper: (options?: Partial<SpoolShipperOptions>) => SpoolShipper;
  readonly closeLogging: () => void;
}

async function setUp(t: TestContext, env: Record<string, string> = {}): Promise<Setup> {
  const { logging, dir } = testLogging(t, env, { spool: true });
  provideLogging(() => logging);
  const collector = await startCollector(t);
  const ownLog = recordingOwnLog();
  const spoolDir = spoolDirOf(dir, 'shop');
  return {
    dir,
    spoolDir,
    logger: new StructuredLogger('api'),
    collector,
    said: ownLog.said,
    closeLogging: () => logging.close(),
    shipper(options = {}) {
      const shipper = createSpoolShipper({
        dir: spoolDir,
        logDir: dir,
        url: collector.url,
        headers: {},
        // Shorter than the exporter's first pause: it repeats nothing by itself.
        timeoutMs: 700,
        ownLog,
        gatherMs: 0,
        pollMs: 20,
        pauses: { firstMs: 5, maxMs: 20 },
        random: () => 0.5,
        ...options,
      });
      t.after(() => shipper.stop());
      return shipper;
    },
  };
}

const bodies = (collector: LogCollector): string[] => collector.taken.map(({ body }) => body);
const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `n${index + from}`);

function logNumbers(logger: StructuredLogger, count: number, from = 0): void {
  for (const text of numbers(count, from)) logger.info(text, { text });
}

test('records arrive with everything that belongs to them', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  const security = new StructuredLogger('security');
  logger.error('order failed', { order: 17, nested: { list: [1, 'x', true] }, error: new TypeError('nope') });
  security.warning('login failed', { event: 'auth.login_failed' });
  assert.ok(await shipper({ headers: { authorization: 'Bearer t' } }).drain(DEADLINE_MS));
  const [order, login] = collector.taken;
  assert.equal(order?.body, 'order failed');
  assert.deepEqual([order?.severityText, order?.severityNumber], ['ERROR', 17]);
  assert.deepEqual(order?.scope, { name: 'api', version: '1' });
  assert.deepEqual(order?.resource, { 'service.name': 'shop' });
  assert.match(order?.uid ?? '', /^[0-9A-Z]{26}$/);
  assert.match(order?.timeUnixNano ?? '', /^\d{19}$/);
  const attributes = order?.attributes ?? {};
  assert.equal(attributes['application'], 'api');
  assert.equal(attributes['order'], 17);
  assert.deepEqual(attributes['nested'], { list: [1, 'x', true] });
  assert.equal(attributes['exception.type'], 'TypeError');
  assert.equal(attributes['code.file.path'], import.meta.filename);
  assert.equal(typeof attributes['code.line.number'], 'number');
  assert.equal(login?.eventName, 'security.auth.login_failed');
  assert.equal(collector.headers[0]?.['authorization'], 'Bearer t');
});

test('records of a running process are shipped as they come, in order, each once', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  const shipping = shipper();
  for (let round = 0; round < 20; round++) {
    logNumbers(logger, 25, round * 25);
    shipping.kick();
    await turn();
  }
  await collector.untilTaken(500);
  assert.deepEqual(bodies(collector), numbers(500));
  await until(() => shipping.stats().shipped === 500);
});

test('without a kick the folder is looked at every now and then', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  shipper();
  await turn();
  logNumbers(logger, 3);
  await collector.untilTaken(3);
  assert.deepEqual(bodies(collector), numbers(3));
});

test('a segment goes when the collector has it and its process has closed it', async (t) => {
  const { logger, collector, shipper, spoolDir, closeLogging } = await setUp(t);
  logNumbers(logger, 10);
  const shipping = shipper();
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.equal(new SpoolFolder(spoolDir).list().length, 1, 'its process may write more');
  closeLogging();
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.deepEqual(new SpoolFolder(spoolDir).list(), []);
  assert.equal(filesIn(spoolDir).filter((name) => name.endsWith('.ack')).length, 0);
  assert.equal(collector.taken.length, 10);
});

for (const status of [429, 500, 502, 503, 504, 401, 404]) {
  test(`on ${status} records wait until they are taken`, async (t) => {
    const { logger, collector, shipper, said } = await setUp(t);
    collector.respond = (_, request) => (request <= 4 ? { status } : ok());
    logNumbers(logger, 5);
    const reachable: boolean[] = [];
    const shipping = shipper({ onReachable: (is) => void (reachable.at(-1) === is || reachable.push(is)) });
    await collector.untilTaken(5);
    await until(() => shipping.stats().shipped === 5);
    assert.deepEqual(bodies(collector), numbers(5));
    assert.deepEqual(reachable, [false, true]);
    assert.equal(said.filter((text) => text.includes('MON_LOGS_UNREACHABLE')).length, 1, said.join('\n'));
    assert.match(
      said.find((text) => text.includes('MON_LOGS_UNREACHABLE')) ?? '',
      new RegExp(`HTTP ${status}`),
    );
    assert.match(said.at(-1) ?? '', /accepts log records again/);
    assert.equal(shipping.stats().failures, 4);
  });
}

test('a collector that is not there, hangs or hangs up loses nothing', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  collector.respond = (_, request) => (request === 1 ? 'drop' : request === 2 ? 'hang' : ok());
  logNumbers(logger, 5);
  const port = Number(new URL(collector.url).port);
  await collector.close();
  const shipping = shipper({ timeoutMs: 300 });
  await until(() => shipping.stats().failures >= 2);
  assert.ok(shipping.stats().lastSendFailed);
  assert.ok((shipping.stats().oldestPendingMs ?? 0) > 0);
  const back = await startCollector(t, port);
  back.respond = collector.respond;
  await back.untilTaken(5);
  assert.deepEqual(bodies(back), numbers(5));
  await until(() => !shipping.stats().lastSendFailed);
});

test('Retry-After is kept', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  let nowMs = Date.now();
  collector.respond = (_, request) =>
    request === 1 ? { status: 503, headers: { 'retry-after': '60' } } : ok();
  logNumbers(logger, 1);
  const shipping = shipper({ now: () => nowMs });
  await until(() => shipping.stats().failures === 1);
  shipping.kick();
  for (let index = 0; index < 50; index++) await turn();
  assert.equal(collector.requests.length, 1, 'it came back too early');
  nowMs += 61_000;
  // The pause is measured by the injected clock; the timer under way was set for it.
  assert.equal(await shipping.drain(DEADLINE_MS), false, 'nothing is tried while the last request failed');
  assert.equal(collector.requests.length, 1);
});

test('records that the collector rejects are kept and logged, the others are not sent again', async (t) => {
  const { logger, collector, shipper, spoolDir, said } = await setUp(t);
  collector.respond = (_, request) =>
    request === 1 ? ok('{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}') : ok();
  logNumbers(logger, 5);
  const shipping = shipper();
  assert.ok(await shipping.drain(DEADLINE_MS));
  logNumbers(logger, 5, 5);
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.deepEqual(collector.requests, [5, 5]);
  assert.deepEqual([shipping.stats().shipped, shipping.stats().refused], [8, 2]);
  const [file = ''] = filesIn(join(spoolDir, 'refused'));
  const lines = readFileSync(join(spoolDir, 'refused', file), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 6);
  const head = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.deepEqual([head['refused'], head['of'], head['reason']], [2, 5, 'too old']);
  assert.match(said.join('\n'), /MON_LOGS_REFUSED.*too old/);
});

test('a request that is too large is halved until it fits', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  collector.respond = (records) => (records.length > 10 ? { status: 413 } : ok());
  logNumbers(logger, 100);
  assert.ok(await shipper({ batchRecords: 64 }).drain(DEADLINE_MS));
  assert.deepEqual(bodies(collector), numbers(100));
});

test('one record that the collector refuses does not take others with it', async (t) => {
  const { logger, collector, shipper, spoolDir } = await setUp(t);
  collector.respond = (records) =>
    records.some(({ body }) => body === 'n37') ? { status: 400, body: 'bad record' } : ok();
  logNumbers(logger, 100);
  const shipping = shipper();
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.deepEqual(
    bodies(collector),
    numbers(100).filter((text) => text !== 'n37'),
  );
  assert.deepEqual([shipping.stats().shipped, shipping.stats().refused], [99, 1]);
  const [file = ''] = filesIn(join(spoolDir, 'refused'));
  const lines = readFileSync(join(spoolDir, 'refused', file), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /"b":"n37"/);
  assert.match(lines[0] ?? '', /HTTP 400 bad record/);
});

test('a collector that refuses everything ends with everything kept aside, in few requests', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  collector.respond = () => ({ status: 400 });
  logNumbers(logger, 3000);
  const shipping = shipper({ batchRecords: 500 });
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.equal(shipping.stats().refused, 3000);
  assert.ok(collector.requests.length < 60, `${collector.requests.length} requests`);
});

test('a new shipper goes on where the last one was, without sending anything twice', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  logNumbers(logger, 250);
  collector.respond = (_, request) => (request <= 2 ? ok() : { status: 503 });
  const first = shipper({ batchRecords: 100 });
  await until(() => first.stats().failures > 0);
  await first.stop();
  assert.equal(collector.taken.length, 200);
  collector.respond = () => ok();
  logNumbers(logger, 50, 250);
  assert.ok(await shipper({ batchRecords: 100 }).drain(DEADLINE_MS));
  assert.deepEqual(bodies(collector), numbers(300));
});

test('a drain returns in time when the collector hangs', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  collector.respond = () => 'hang';
  logNumbers(logger, 1);
  const shipping = shipper({ timeoutMs: 600_000, pollMs: 1_000_000 });
  assert.equal(await shipping.drain(100), false);
  // Neither waits for the hanging request: its time-out is beyond that of the tests.
  await shipping.stop();
});

test('a drain ships what was logged while a request was under way', async (t) => {
  const { logger, collector, shipper } = await setUp(t);
  logNumbers(logger, 5);
  let during: Promise<boolean> | undefined;
  const shipping = shipper();
  collector.respond = (_, request) => {
    if (request === 1) {
      logNumbers(logger, 5, 5);
      during = shipping.drain(DEADLINE_MS);
    }
    return ok();
  };
  await until(() => during !== undefined);
  assert.equal(await during, true);
  assert.deepEqual(bodies(collector), numbers(10));
});

test('a line that is still being written waits for its end', async (t) => {
  const { collector, shipper, spoolDir } = await setUp(t);
  mkdirSync(spoolDir, { recursive: true });
  const header = { spool: 1, resource: {}, processId: 'me', ...ownIdentity(), format: 'text' };
  const start = '{"t":"1795501595046000000","n":9,"s":"api",';
  const base = segmentBase(1000, 'me', 1);
  writeFileSync(
    join(spoolDir, `${base}.seg`),
    `${JSON.stringify(header)}\n${start}"u":"U","b":"whole"}\n${start}`,
  );
  const shipping = shipper();
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.deepEqual(bodies(collector), ['whole']);
  const claimed = new SpoolFolder(spoolDir).list().find((segment) => segment.base === base)?.path ?? '';
  appendFileSync(claimed, '"u":"V","b":"whole now"}\n');
  assert.ok(await shipping.drain(DEADLINE_MS));
  assert.deepEqual(bodies(collector), ['whole', 'whole now']);
});

test('a file that is no segment is set aside and does not keep the others', async (t) => {
  const { logger, collector, shipper, spoolDir, said } = await setUp(t);
  mkdirSync(spoolDir, { recursive: true });
  const base = segmentBase(1000, 'garbage', 1);
  writeFileSync(join(spoolDir, `${base}.seg`), 'this is no header\nnor this a record\n');
  utimesSync(join(spoolDir, `${base}.seg`), 1, 1);
  logNumbers(logger, 3);
  assert.ok(await shipper().drain(DEADLINE_MS));
  assert.deepEqual(bodies(collector), numbers(3));
  assert.ok(filesIn(spoolDir).includes(`${base}.damaged`));
  assert.match(said.join('\n'), /MON_SPOOL_DAMAGED/);
});

test('several processes that ship one folder send each record once, also when one of them is killed', async (t) => {
  const { collector, dir, spoolDir } = await setUp(t);
  const left = await Promise.all(Array.from({ length: 6 }, () => finished([dir, 'kill', '300', '20'])));
  const start = (): ChildProcess =>
    spawn(process.execPath, [SHIPPER, dir, spoolDir, collector.url], { stdio: 'ignore' });
  const shippers = [start(), start(), start()];
  t.after(() => shippers.forEach((shipper) => shipper.kill('SIGKILL')));
  await collector.untilTaken(600);
  shippers[0]?.kill('SIGKILL');
  await collector.untilTaken(1800);
  await until(() => new SpoolFolder(spoolDir).list().length === 0);
  const arrived = new Set(bodies(collector));
  assert.deepEqual([...arrived].sort(), left.flat().sort());
  // Killed between the answer of the collector and noting it, a shipper leaves one request to be sent again.
  assert.ok(collector.taken.length - arrived.size <= 50, `${collector.taken.length - arrived.size} twice`);
});

/** Runs the program to its end; the records whose log calls returned. */
async function finished(args: readonly string[], killAfter?: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (killAfter !== undefined && text.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
}

test('what a killed process left is shipped and completed, and its segment goes', async (t) => {
  const { collector, dir, spoolDir, shipper } = await setUp(t);
  const said = await finished([dir, 'wait', '1000000', '33'], 700);
  const shipping = shipper();
  await collector.untilTaken(said.length);
  await until(() => new SpoolFolder(spoolDir).list().length === 0);
  assert.deepEqual(bodies(collector).slice(0, said.length), said);
  assert.equal(new Set(bodies(collector)).size, collector.taken.length, 'a record is doubled');
  const lines = bodiesOf(dir, 'api');
  assert.deepEqual(lines, bodies(collector));
  assert.equal(shipping.stats().shipped, collector.taken.length);
});

test('the daily lines of a killed process are completed also while the collector is away', async (t) => {
  const { collector, dir, shipper } = await setUp(t);
  collector.respond = () => ({ status: 503 });
  const shipping = shipper();
  const said = await finished([dir, 'wait', '1000000', '33'], 300);
  await until(() => linesOf(dir, 'api').length >= said.length && shipping.stats().failures > 0);
  const lines = bodiesOf(dir, 'api');
  assert.deepEqual(lines.slice(0, said.length), said);
  assert.equal(shipping.stats().shipped, 0);
});

test('what a process logs while the collector is away is kept in its bounds, the oldest going first', async (t) => {
  const { collector, dir, spoolDir, shipper } = await setUp(t, { MONITORING_SPOOL_MAX_BYTES: '1MiB' });
  const logger = new StructuredLogger('api');
  const filler = 'x'.repeat(1000);
  const count = 5000;
  for (let index = 0; index < count; index++) logger.info(`n${index}`, { filler });
  const bytes = readdirSync(spoolDir).reduce((sum, name) => sum + statSync(join(spoolDir, name)).size, 0);
  assert.ok(bytes <= 1_048_576 + 200_000, `${bytes} bytes`);
  assert.ok(await shipper().drain(DEADLINE_MS));
  const arrived = collector.taken.length;
  assert.deepEqual(bodies(collector), numbers(arrived, count - arrived), 'the newest, without a gap');
  assert.ok(arrived > 500, `${arrived} records`);
  assert.equal(linesOf(dir, 'api').length >= count - arrived, true, 'what was dropped is in the daily file');
});

test('P3 each answer reports the collector as reachable, also after metrics have failed to reach it', async (t) => {
  const reported: boolean[] = [];
  const { logger, shipper } = await setUp(t);
  const shipping = shipper({ onReachable: (reachable) => void reported.push(reachable) });
  for (const text of ['one', 'two']) {
    logger.info(text);
    assert.ok(await shipping.drain(DEADLINE_MS));
  }
  assert.ok(reported.length >= 2 && reported.every((reachable) => reachable), String(reported));
});
