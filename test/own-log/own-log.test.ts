import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { problem } from '../../src/errors.ts';
import { createOwnLog, type OwnLog, type OwnLogLevel } from '../../src/own-log/own-log.ts';
import { filesIn, localMs, tempDir } from '../helpers/logging.ts';

const NOON = localMs(2026, 11, 23, 12, 0, 0, 5);

function setUp(t: TestContext, level: OwnLogLevel = 'INFO'): { log: OwnLog; dir: string; stderr: string[] } {
  const dir = join(tempDir(t), 'logs');
  const stderr: string[] = [];
  const log = createOwnLog({ dir, level, now: () => NOON, writeStderr: (line) => stderr.push(line) });
  return { log, dir, stderr };
}

const fileText = (dir: string): string =>
  readFileSync(join(dir, 'monitoring', 'monitoring_20261123.log'), 'utf8');

test('the monitoring log is in its own daily file and on stderr, in the documented form', (t) => {
  const { log, dir, stderr } = setUp(t);
  log.info('started');
  log.error('broken\nline');
  const expected =
    '2026-11-23 12:00:00,005 - monitoring - INFO - started\n' +
    '2026-11-23 12:00:00,005 - monitoring - ERROR - broken\\nline\n';
  assert.equal(fileText(dir), expected);
  assert.equal(stderr.join(''), expected);
});

test('below its level nothing is logged, and debug only in the file', (t) => {
  const quiet = setUp(t, 'WARNING');
  quiet.log.info('no');
  assert.deepEqual(filesIn(quiet.dir), []);
  const verbose = setUp(t, 'DEBUG');
  verbose.log.debug('detail');
  assert.match(fileText(verbose.dir), /DEBUG - detail/);
  assert.deepEqual(verbose.stderr, []);
  const none = setUp(t, 'NONE');
  none.log.error('no');
  assert.deepEqual([none.stderr, filesIn(none.dir)], [[], []]);
});

test('a problem is logged once per code and location', (t) => {
  const { log, stderr } = setUp(t);
  log.problem('MON_CONFIG_UNKNOWN', { where: 'A' });
  log.problem('MON_CONFIG_UNKNOWN', { where: 'A' });
  log.problems([
    problem('MON_CONFIG_UNKNOWN', { where: 'A' }),
    problem('MON_CONFIG_UNKNOWN', { where: 'B' }),
  ]);
  assert.equal(stderr.length, 2);
  assert.match(stderr[0] ?? '', /\[MON_CONFIG_UNKNOWN\] unknown setting A\./);
});

test('a folder that cannot be written is logged once on stderr, and again after it could', (t) => {
  const { log, dir, stderr } = setUp(t);
  mkdirSync(dir, { recursive: true });
  const inTheWay = join(dir, 'monitoring');
  writeFileSync(inTheWay, '');
  log.info('one');
  log.info('two');
  assert.equal(stderr.filter((line) => line.includes('MON_LOG_DIR')).length, 1);
  rmSync(inTheWay);
  log.info('three');
  assert.match(fileText(dir), /three/);
  rmSync(inTheWay, { recursive: true });
  writeFileSync(inTheWay, '');
  log.info('four');
  assert.equal(stderr.filter((line) => line.includes('MON_LOG_DIR')).length, 2);
});

test('the address of a collector that is away shows no password', (t) => {
  const { log, dir, stderr } = setUp(t);
  log.problem('MON_LOGS_UNREACHABLE', {
    where: 'http://ship:hunter2@collector:4318/v1/logs',
    got: 'x',
    pause: '1 s',
  });
  for (const text of [fileText(dir), ...stderr]) {
    assert.match(text, /http:\/\/\[REDACTED\]@collector:4318/);
    assert.doesNotMatch(text, /hunter2/);
  }
});
