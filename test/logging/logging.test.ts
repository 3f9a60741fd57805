import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Context, context, ROOT_CONTEXT, SeverityNumber, trace } from '@opentelemetry/api';
import { provideLogging } from '../../src/logging/current-logging.ts';
import type { Logging } from '../../src/logging/logging.ts';
import { decodeEntry, type DecodedEntry, isRecordLine } from '../../src/spool/record-line.ts';
import { spoolDirOf } from '../../src/spool/segments.ts';
import { StructuredLogger } from '../../src/logging/structured-logger.ts';
import { localDay } from '../../src/time/timestamps.ts';
import { faultyDisk } from '../helpers/faulty-disk.ts';
import { until } from '../helpers/until.ts';
import { filesIn, linesOf, localMs, testLogging } from '../helpers/logging.ts';

function loggerOf(logging: Logging, name: string): StructuredLogger {
  provideLogging(() => logging);
  return new StructuredLogger(name);
}

function spooled(dir: string): DecodedEntry[] {
  const spoolDir = spoolDirOf(dir, 'shop');
  return filesIn(spoolDir)
    .filter((name) => name.endsWith('.seg'))
    .flatMap((name) => readFileSync(join(spoolDir, name), 'utf8').split('\n'))
    .filter(isRecordLine)
    .map((line) => decodeEntry(line) as DecodedEntry);
}

test('nothing is created before the first record', (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  loggerOf(logging, 'api');
  logging.flushSync();
  assert.ok(!existsSync(dir));
});

test('without a collector each record is in its daily file when the call returns', (t) => {
  const { logging, dir } = testLogging(t);
  loggerOf(logging, 'api').info('one');
  loggerOf(logging, 'db').error('two');
  assert.match(linesOf(dir, 'api').join(), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - api - INFO - one$/);
  assert.match(linesOf(dir, 'db').join(), / - db - ERROR - two$/);
  assert.ok(!existsSync(join(dir, 'spool')));
});

test('with a collector each record is in the spool when the call returns, its line follows', async (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  const logger = loggerOf(logging, 'api');
  for (let index = 0; index < 10; index++) logger.info(`record ${index}`, { index });
  assert.deepEqual(
    spooled(dir).map(({ body, attributes }) => [body, attributes['index']]),
    Array.from({ length: 10 }, (_, index) => [`record ${index}`, index]),
  );
  await until(() => linesOf(dir, 'api').length >= 10);
  assert.equal(linesOf(dir, 'api').length, 10);
});

test('levels below the setting are left out, for other loggers of the provider as well', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_LEVEL: 'WARNING' });
  const logger = loggerOf(logging, 'api');
  logger.info('no');
  logger.log(20, 'no');
  logger.log('warning', 'yes');
  const other = logging.loggerProvider.getLogger('lib');
  other.emit({ severityNumber: SeverityNumber.INFO, body: 'no' });
  other.emit({ severityNumber: SeverityNumber.WARN, body: 'yes' });
  assert.equal(linesOf(dir, 'api').length, 1);
  assert.equal(linesOf(dir, 'lib').length, 1);
});

test('the record has the location of the log call, not of our own code', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_FORMAT: 'json' });
  const logger = loggerOf(logging, 'api');
  function handleOrder(): void {
    logger.error('in a function');
  }
  handleOrder();
  logger.log(30, 'at the top');
  const [first, second] = linesOf(dir, 'api').map((line) => JSON.parse(line) as Record<string, unknown>);
  const source = readFileSync(import.meta.filename, 'utf8').split('\n');
  const lineOf = (text: string): number => source.findIndex((line) => line.includes(text)) + 1;
  assert.equal(first?.['function'], 'handleOrder');
  assert.equal(first?.['module'], 'logging.test');
  assert.equal(first?.['line'], lineOf("logger.error('in a function')"));
  assert.equal(second?.['line'], lineOf("logger.log(30, 'at the top')"));
});

test('finding the location does not change the stack settings of the program', (t) => {
  const { logging } = testLogging(t, { MONITORING_LOG_FORMAT: 'json' });
  const { stackTraceLimit } = Error;
  const prepare = (): string => 'prepared';
  Error.stackTraceLimit = 7;
  Error.prepareStackTrace = prepare;
  t.after(() => {
    Error.stackTraceLimit = stackTraceLimit;
    delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
  });
  loggerOf(logging, 'api').info('x');
  assert.equal(Error.stackTraceLimit, 7);
  // oxlint-disable-next-line typescript/unbound-method -- compared, not called
  assert.equal(Error.prepareStackTrace, prepare);
});

test('the location can be switched off', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_CODE_LOCATION: 'false' }, { spool: true });
  loggerOf(logging, 'api').info('x');
  assert.equal(spooled(dir)[0]?.code, undefined);
});

test('times strictly increase and uids differ, also within a millisecond', (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true, now: () => 1_795_501_595_046 });
  const logger = loggerOf(logging, 'api');
  for (let index = 0; index < 100; index++) logger.info('same text');
  const records = spooled(dir);
  assert.deepEqual(
    records.map(({ subNs }) => subNs),
    Array.from({ length: 100 }, (_, index) => index),
  );
  assert.equal(new Set(records.map(({ uid }) => uid)).size, 100);
});

test('a record inside a span carries its ids, one outside carries none', (t) => {
  let active: Context = ROOT_CONTEXT;
  context.setGlobalContextManager({
    active: () => active,
    with(inner, run, self, ...args) {
      active = inner;
      try {
        return run.call(self as ThisParameterType<typeof run>, ...args);
      } finally {
        active = ROOT_CONTEXT;
      }
    },
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
  t.after(() => context.disable());
  const { logging, dir } = testLogging(t, {}, { spool: true });
  const logger = loggerOf(logging, 'api');
  const spanContext = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
  };
  context.with(trace.setSpanContext(context.active(), spanContext), () => logger.info('inside'));
  logger.info('outside');
  const [inside, outside] = spooled(dir);
  assert.equal(inside?.traceId, spanContext.traceId);
  assert.equal(inside?.spanId, spanContext.spanId);
  assert.equal(inside?.traceFlags, 1);
  assert.equal(outside?.traceId, '');
});

test('secrets reach neither the spool nor the daily file, wherever they stand', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_REDACT_KEYS: 'shoe_size' }, { spool: true });
  const logger = loggerOf(logging, 'api');
  const error = new Error('login with password=hunter2 failed');
  logger.error('token Bearer hunter2hunter2', {
    password: 'hunter2',
    deep: { token: 'hunter2' },
    shoeSize: 'hunter2',
    error,
  });
  logging.loggerProvider
    .getLogger('api')
    .emit({ body: { password: 'hunter2' }, attributes: { secret: 'hunter2' } });
  logging.flushSync();
  const spoolDir = spoolDirOf(dir, 'shop');
  const everything = [
    ...filesIn(spoolDir).map((name) => readFileSync(join(spoolDir, name), 'utf8')),
    ...linesOf(dir, 'api'),
  ].join('\n');
  assert.doesNotMatch(everything, /hunter2/);
  assert.match(everything, /login with password=\[REDACTED\] failed/);
});

test('a security record with an event has its name, and the event is counted', (t) => {
  const events: string[] = [];
  const { logging, dir } = testLogging(
    t,
    {},
    { spool: true, onSecurityEvent: (event) => events.push(event) },
  );
  const logger = loggerOf(logging, 'security');
  logger.warning('login failed', { event: 'auth.login_failed', 'client.address': '192.0.2.1' });
  logger.warning('blocked', { event: 'security.Net.Blocked!' });
  logger.warning('no event');
  loggerOf(logging, 'api').info('not security', { event: 'x.y' });
  assert.deepEqual(events, ['auth.login_failed', 'net.blocked_']);
  const [first, second, third, fourth] = spooled(dir);
  assert.equal(first?.eventName, 'security.auth.login_failed');
  assert.deepEqual(first?.attributes, {
    'otel.event.name': 'security.auth.login_failed',
    'client.address': '192.0.2.1',
  });
  assert.equal(second?.eventName, 'security.net.blocked_');
  assert.equal(third?.eventName, '');
  assert.deepEqual([fourth?.eventName, fourth?.attributes['event']], ['', 'x.y']);
});

test('each record is reported with its application and level', (t) => {
  const told: string[] = [];
  const { logging } = testLogging(
    t,
    { MONITORING_MAX_LABEL_VALUES: '5' },
    { onRecord: (application, level) => told.push(`${application} ${level}`) },
  );
  loggerOf(logging, 'api').info('a');
  loggerOf(logging, 'billing').critical('b');
  loggerOf(logging, 'one-more').debug('below the level');
  loggerOf(logging, 'one-more').info('c');
  logging.loggerProvider
    .getLogger('lib', '2')
    .emit({ body: 'd', severityNumber: SeverityNumber.ERROR2, attributes: { application: 'api' } });
  assert.deepEqual(told, ['api INFO', 'billing CRITICAL', 'other INFO', 'other ERROR']);
});

test('records of other loggers keep their time, location and version, and get what they lack', (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  const atMs = localMs(2026, 11, 23, 12);
  logging.loggerProvider.getLogger('lib', '2.1').emit({
    body: 'foreign',
    timestamp: atMs,
    severityText: 'trace',
    severityNumber: SeverityNumber.TRACE,
  });
  logging.loggerProvider.getLogger('lib', '2.1').emit({
    body: { a: [1, { token: 'x' }] },
    timestamp: [atMs / 1000, 123_456],
    attributes: {
      'log.record.uid': '01J',
      'code.file.path': '/x.js',
      'code.line.number': 3,
      'code.function.name': 'f',
      level: 'evil',
    },
  });
  const [second] = spooled(dir);
  assert.equal(spooled(dir).length, 1, 'trace is below INFO');
  assert.equal(second?.atMs, atMs);
  assert.equal(second?.subNs, 123_456);
  assert.match(second?.uid ?? '', /^[0-9A-Z]{26}$/);
  assert.equal(second?.version, '2.1');
  assert.deepEqual(
    [second?.code?.functionName, second?.code?.filePath, second?.code?.line],
    ['f', '/x.js', 3],
  );
  assert.deepEqual(second?.attributes, { 'ctx.log.record.uid': '01J', 'ctx.level': 'evil' });
  assert.equal(second?.body, '{"a":[1,{"token":"[REDACTED]"}]}');
});

test('names of loggers cannot choose the folder', (t) => {
  const { logging, dir } = testLogging(t);
  loggerOf(logging, '../../tmp/evil').info('x');
  assert.deepEqual(filesIn(dir), [`__.._tmp_evil_${localDay(Date.now())}.log`]);
});

test('after a flush at the end records are still written at once, as often as it comes', (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  const logger = loggerOf(logging, 'api');
  logger.info('before');
  assert.equal(linesOf(dir, 'api').length, 0);
  logging.flushSync();
  assert.equal(linesOf(dir, 'api').length, 1);
  logger.info('after');
  assert.equal(linesOf(dir, 'api').length, 2);
  logging.flushSync();
  logging.flushSync();
  logger.info('later');
  assert.equal(linesOf(dir, 'api').length, 3);
});

test('when the event loop turns after a flush, lines come in batches again', async (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  const logger = loggerOf(logging, 'api');
  logger.info('one');
  logging.flushSync();
  await turn();
  await turn();
  logger.info('two');
  assert.equal(linesOf(dir, 'api').length, 1);
  logging.close();
  assert.equal(linesOf(dir, 'api').length, 2);
});

test('records after close open the files again', (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  const logger = loggerOf(logging, 'api');
  logger.info('one');
  logging.close();
  logger.info('two');
  logging.close();
  assert.equal(linesOf(dir, 'api').length, 2);
  assert.equal(spooled(dir).length, 2);
});

test('a spool that cannot be written is logged once, the daily file has the records, and they are counted', (t) => {
  let nowMs = Date.now();
  const { logging, dir, ownLog } = testLogging(t, {}, { spool: true, now: () => nowMs });
  mkdirSync(dir, { recursive: true });
  symlinkSync('/dev/null', join(dir, 'spool'));
  const logger = loggerOf(logging, 'api');
  logger.info('one');
  logger.info('two');
  assert.equal(linesOf(dir, 'api').length, 2);
  assert.equal(logging.stats().lost.spool, 2);
  assert.equal(ownLog.said.filter((text) => text.includes('MON_SPOOL_WRITE')).length, 1);
  unlinkSync(join(dir, 'spool'));
  nowMs += 10_000;
  logger.info('three');
  assert.deepEqual(
    spooled(dir).map(({ body }) => body),
    ['three'],
  );
  assert.match(
    ownLog.said.at(-1) ?? '',
    /writing to the spool works again; records not sent to the collector: 2/,
  );
});

test('daily files that cannot be written for long are completed from the spool, every line once and in order', async (t) => {
  let nowMs = localMs(2026, 11, 23, 12);
  const disk = faultyDisk();
  const { logging, dir, ownLog } = testLogging(
    t,
    { MONITORING_SPOOL_MAX_BYTES: '64MiB' },
    { spool: true, now: () => nowMs, disk },
  );
  disk.fault = ({ call, path }) => (call === 'write' && path.endsWith('.log') ? 'ENOSPC' : undefined);
  const logger = loggerOf(logging, 'api');
  const filler = 'x'.repeat(2000);
  const count = 6000;
  for (let index = 0; index < count; index++) logger.info(`${index} ${filler}`);
  logging.flushSync();
  assert.equal(ownLog.said.filter((text) => text.includes('MON_LOG_WRITE')).length, 1);
  disk.fault = () => undefined;
  // One segment at a time is completed; four of 4 MiB are enough for these records.
  for (let round = 0; round < 10; round++) {
    nowMs += 30_000;
    logging.flushSync();
    await turn();
  }
  logger.info('last');
  logging.flushSync();
  const numbers = linesOf(dir, 'api').map((line) => line.split(' - ')[3]?.split(' ')[0]);
  assert.deepEqual(numbers, [...Array.from({ length: count }, (_, index) => String(index)), 'last']);
  assert.equal(logging.stats().lost.file, 0);
  assert.match(ownLog.said.join('\n'), /api_20261123\.log works again; lines lost so far: 0/);
});

test('L6 a client chooses the file by the extras', (t) => {
  const { logging, dir } = testLogging(t);
  loggerOf(logging, 'api').info('order received', { application: 'security', 'log.record.uid': 'x' });
  logging.loggerProvider.getLogger('lib').emit({ body: 'x', attributes: { application: 'security' } });
  assert.deepEqual(linesOf(dir, 'security'), []);
  assert.match(
    linesOf(dir, 'api').join(),
    /order received ctx\.application=security ctx\.log\.record\.uid=x$/,
  );
  assert.equal(linesOf(dir, 'lib').length, 1);
});

test('L5 a name of a million characters is in each line', (t) => {
  const { logging, dir } = testLogging(t, {}, { spool: true });
  loggerOf(logging, 'b'.repeat(1_000_000)).info('x');
  logging.loggerProvider.getLogger('c'.repeat(1_000_000)).emit({ body: 'x' });
  logging.flushSync();
  for (const { logger, application } of spooled(dir))
    assert.ok(logger.length <= 128 && application.length <= 64);
  assert.equal(spooled(dir).length, 2);
});

test('L11 the day of a line and of its file differ after the time zone changed', (t) => {
  const { TZ } = process.env;
  t.after(() => {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  });
  let nowMs = Date.UTC(2026, 10, 23, 12);
  const { logging, dir } = testLogging(t, {}, { now: () => nowMs });
  const logger = loggerOf(logging, 'api');
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC', 'Pacific/Kiritimati']) {
    process.env['TZ'] = zone;
    logger.info('a');
    nowMs += 1000;
  }
  const files = filesIn(dir);
  assert.equal(files.length, 2);
  for (const name of files) {
    for (const line of readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1))
      assert.equal(`api_${line.slice(0, 10).replaceAll('-', '')}.log`, name);
  }
});

for (const format of ['text', 'json']) {
  test(`L11 signs that turn or hide text are written as they are (${format})`, (t) => {
    const { logging, dir } = testLogging(t, { MONITORING_LOG_FORMAT: format });
    loggerOf(logging, 'api').info('user \u202egpj.exe \u200b\ufeff', { 'k\u202e': 'v\u2066' });
    const [line = ''] = linesOf(dir, 'api');
    assert.doesNotMatch(line, /[\u200b\u202e\u2066\ufeff]/);
    assert.match(line, /user \\u202egpj\.exe \\u200b\\ufeff/);
    if (format === 'json')
      assert.equal((JSON.parse(line) as { message: string }).message, 'user \u202egpj.exe \u200b\ufeff');
  });
}

test('L9 the text format leaves the extras out, unless that is set', (t) => {
  const log = (env: Record<string, string>): string => {
    const { logging, dir } = testLogging(t, env);
    loggerOf(logging, 'api').info('order placed', { order: 42 });
    return linesOf(dir, 'api').join();
  };
  assert.match(log({}), / - api - INFO - order placed order=42$/);
  assert.match(log({ MONITORING_LOG_TEXT_EXTRAS: 'false' }), / - api - INFO - order placed$/);
});

test('L1 one daily file that cannot be written costs the lines of another', (t) => {
  for (const spool of [false, true]) {
    const { logging, dir } = testLogging(t, {}, { spool });
    const day = localDay(Date.now());
    mkdirSync(join(dir, `security_${day}.log`), { recursive: true });
    loggerOf(logging, 'security').info('x');
    const api = loggerOf(logging, 'api');
    const filler = 'a'.repeat(990);
    for (let index = 0; index < 5000; index++) api.info(filler);
    logging.flushSync();
    assert.equal(linesOf(dir, 'api').filter((line) => line.endsWith(filler)).length, 5000);
    assert.equal(logging.stats().lost.file, 0);
  }
});
