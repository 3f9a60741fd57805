import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { REPOSITORY, Service } from '../../helpers/service.ts';

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly records: readonly Record<string, unknown>[];
}

/** Runs a program that logs and then serves one request; its printed lines and its records of these applications. */
async function run(
  t: TestContext,
  program: string,
  applications: readonly string[],
  { preload = true, env = {} }: { preload?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const cwd = mkdtempSync(join(tmpdir(), 'monitoring-logger-'));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(cwd, 'node_modules'));
  const serve = `require('node:http').createServer((_q, s) => s.end('ok', () => process.exit())).listen(0, '127.0.0.1', function () {
    process.stdout.write('listening ' + this.address().port + '\\n');
  });`;
  writeFileSync(join(cwd, 'app.cjs'), `${program}\n${serve}`);
  await using service = new Service(join(cwd, 'app.cjs'), {
    cwd,
    env: {
      MONITORING_LOG_FORMAT: 'json',
      MONITORING_LOG_LEVEL: 'DEBUG',
      MONITORING_OWN_LOG_LEVEL: 'NONE',
      ...env,
    },
    ...(preload ? {} : { nodeArgs: [] }),
  });
  const url = await service.url();
  const response = await fetch(url);
  await response.text();
  await service.ended();
  const records = applications.flatMap((name) =>
    service.dailyLines(name).map((line) => JSON.parse(line) as Record<string, unknown>),
  );
  // Two runs differ in their port and their folder alone.
  const plain = (text: string): string => text.replace(/listening \d+\n/, '').replaceAll(cwd, 'FOLDER');
  return { stdout: plain(service.stdout), stderr: plain(service.stderr), records };
}

const shortened = (records: Outcome['records']): unknown[] =>
  records.map(({ logger, level, message }) => [logger, level, message]);

test('console: each call is one record under app, with its level and its error; the output stays as it is', async (t) => {
  const program = `
    console.log('order %d placed', 4711, { total: 9 });
    console.debug('detail');
    console.warn('stock low');
    console.error('payment failed:', new TypeError('no card', { cause: new Error('declined') }));
    console.error(new RangeError('alone'));
    console.table([{ a: 1 }]);`;
  const bare = await run(t, program, [], { preload: false });
  const seen = await run(t, program, ['app']);
  assert.deepEqual([seen.stdout, seen.stderr], [bare.stdout, bare.stderr]);
  assert.deepEqual(shortened(seen.records).slice(0, 3), [
    ['app', 'INFO', 'order 4711 placed { total: 9 }'],
    ['app', 'DEBUG', 'detail'],
    ['app', 'WARNING', 'stock low'],
  ]);
  const [, , , failed, alone, table] = seen.records;
  assert.match(String(failed?.['message']), /^payment failed: TypeError: no card/);
  assert.equal(failed?.['level'], 'ERROR');
  assert.match(JSON.stringify(failed), /declined/);
  assert.deepEqual([alone?.['level'], alone?.['message']], ['ERROR', 'alone']);
  assert.match(String(table?.['message']), /index/);
  assert.equal(seen.records.length, 6);
});

test('pino: lines come under the name of the logger, with extras, children, redaction and errors as pino has them', async (t) => {
  const program = `
    const time = () => ',"time":1';
    const base = { pid: 1 };
    const shop = require('pino')({ name: 'shop', base, timestamp: time, level: 'debug', redact: ['card'] });
    shop.info({ order: 7, card: '4111 1111 1111 1111' }, 'order %s placed', 'A7');
    shop.child({ request: 'r1' }).warn('stock low');
    shop.error(new TypeError('no card'));
    shop.fatal({ err: new Error('gone') }, 'down');
    shop.trace('never');
    require('pino')({ base, timestamp: time }).info('unnamed');`;
  const bare = await run(t, program, [], { preload: false });
  const seen = await run(t, program, ['shop', 'app']);
  // Two pino loggers share stdout, each with a stream of its own: which comes first is open without us as well.
  const lines = (text: string): string[] => text.split('\n').sort();
  assert.deepEqual(lines(seen.stdout), lines(bare.stdout));
  assert.deepEqual(shortened(seen.records), [
    ['shop', 'INFO', 'order A7 placed'],
    ['shop', 'WARNING', 'stock low'],
    ['shop', 'ERROR', 'no card'],
    ['shop', 'CRITICAL', 'down'],
    ['app', 'INFO', 'unnamed'],
  ]);
  const [placed, low, failed] = seen.records;
  assert.equal(placed?.['order'], 7);
  assert.doesNotMatch(JSON.stringify(placed), /4111/);
  assert.equal(low?.['request'], 'r1');
  assert.match(JSON.stringify(failed), /TypeError/);
});

test('winston: what a transport prints is one record, whatever its format; what none prints is none', async (t) => {
  const program = `
    const winston = require('winston');
    const log = winston.createLogger({
      level: 'info',
      format: winston.format.combine(winston.format.splat(), winston.format.colorize({ all: true }), winston.format.simple()),
      defaultMeta: { service: 'till' },
      transports: [new winston.transports.Console({ forceConsole: true })],
    });
    log.error('payment %s failed', 'P1');
    log.child({ request: 'r1' }).info('done');
    log.debug('never printed');
    setImmediate(() => {});`;
  const bare = await run(t, program, [], { preload: false });
  const seen = await run(t, program, ['app']);
  assert.equal(seen.stdout, bare.stdout);
  assert.deepEqual(shortened(seen.records), [
    ['app', 'ERROR', 'payment P1 failed'],
    ['app', 'INFO', 'done'],
  ]);
  assert.deepEqual([seen.records[0]?.['service'], seen.records[1]?.['request']], ['till', 'r1']);
});

test('MONITORING_LOG_BRIDGE narrows what is taken over', async (t) => {
  const program = `console.log('by console'); require('pino')().info('by pino');`;
  const only = await run(t, program, ['app'], { env: { MONITORING_LOG_BRIDGE: 'pino' } });
  assert.deepEqual(shortened(only.records), [['app', 'INFO', 'by pino']]);
  const none = await run(t, program, ['app'], { env: { MONITORING_LOG_BRIDGE: 'none' } });
  assert.deepEqual(none.records, []);
});
