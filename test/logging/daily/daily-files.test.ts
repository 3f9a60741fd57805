import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { DailyFiles } from '../../../src/logging/daily/daily-files.ts';
import { type FaultyDisk, faultyDisk } from '../../helpers/faulty-disk.ts';
import { filesIn, localMs, recordingOwnLog, tempDir } from '../../helpers/logging.ts';

const NOON = localMs(2026, 11, 23, 12);
const MIDNIGHT = localMs(2026, 11, 24);

function setUp(
  t: TestContext,
  { retentionDays = 0, retentionBytes = 0, spool = false } = {},
): { files: DailyFiles; dir: string; said: readonly string[]; disk: FaultyDisk } {
  const dir = join(tempDir(t), 'logs');
  const ownLog = recordingOwnLog();
  const disk = faultyDisk();
  const files = new DailyFiles({ dir, retentionDays, retentionBytes, ownLog, spool, disk });
  t.after(() => files.close());
  return { files, dir, said: ownLog.said, disk };
}

test('nothing is created before the first record', (t) => {
  const { dir } = setUp(t);
  assert.ok(!existsSync(dir));
});

test('a record goes into the file of its own local day', (t) => {
  const { files, dir } = setUp(t);
  files.write('api', MIDNIGHT - 1, 'late\n', MIDNIGHT - 1);
  files.write('api', MIDNIGHT, 'early\n', MIDNIGHT);
  files.write('db', MIDNIGHT, 'other\n', MIDNIGHT);
  assert.deepEqual(filesIn(dir), ['api_20261123.log', 'api_20261124.log', 'db_20261124.log']);
  assert.equal(readFileSync(join(dir, 'api_20261123.log'), 'utf8'), 'late\n');
  assert.equal(readFileSync(join(dir, 'api_20261124.log'), 'utf8'), 'early\n');
});

test('queued records of both sides of midnight are split by their own time', (t) => {
  const { files, dir } = setUp(t, { spool: true });
  files.queue('api', MIDNIGHT - 1, 'late\n', false);
  files.queue('api', MIDNIGHT, 'early\n', false);
  assert.ok(files.flush(MIDNIGHT + 5));
  assert.equal(readFileSync(join(dir, 'api_20261123.log'), 'utf8'), 'late\n');
  assert.equal(readFileSync(join(dir, 'api_20261124.log'), 'utf8'), 'early\n');
});

test('only the owner writes a daily file and only its group reads it', (t) => {
  const { files, dir } = setUp(t);
  files.write('api', NOON, 'x\n', NOON);
  assert.equal(statSync(join(dir, 'api_20261123.log')).mode & 0o137, 0);
});

test('a file that was moved or deleted is reopened within a second', (t) => {
  const { files, dir } = setUp(t);
  const path = join(dir, 'api_20261123.log');
  files.write('api', NOON, 'one\n', NOON);
  renameSync(path, `${path}.1`);
  files.write('api', NOON + 999, 'two\n', NOON + 999);
  files.write('api', NOON + 1000, 'three\n', NOON + 1000);
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'one\ntwo\n');
  assert.equal(readFileSync(path, 'utf8'), 'three\n');
  unlinkSync(path);
  files.write('api', NOON + 2000, 'four\n', NOON + 2000);
  assert.equal(readFileSync(path, 'utf8'), 'four\n');
  rmSync(dir, { recursive: true });
  files.write('api', NOON + 3000, 'five\n', NOON + 3000);
  assert.equal(readFileSync(path, 'utf8'), 'five\n');
});

test('on a full disk lines wait, which is logged once, and are written when there is space', (t) => {
  const { files, dir, said, disk } = setUp(t);
  const path = join(dir, 'api_20261123.log');
  disk.fault = ({ call }) => (call === 'write' ? 'ENOSPC' : undefined);
  for (let index = 0; index < 100; index++) files.write('api', NOON, `line ${index}\n`, NOON + index * 20);
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /MON_LOG_WRITE.*api_20261123\.log.*ENOSPC/);
  disk.fault = () => undefined;
  assert.ok(files.flush(NOON + 60_000));
  const expected = Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join('');
  assert.equal(readFileSync(path, 'utf8'), expected);
  assert.equal(said.length, 2);
  assert.match(said[1] ?? '', /INFO writing .*api_20261123\.log works again; lines lost so far: 0/);
  assert.equal(files.lost, 0);
});

test('what does not fit into memory while the disk is full is counted, and the rest is kept', (t) => {
  const { files, dir, said, disk } = setUp(t);
  const path = join(dir, 'api_20261123.log');
  disk.fault = ({ call }) => (call === 'write' ? 'ENOSPC' : undefined);
  const line = `${'x'.repeat(99_999)}\n`;
  for (let index = 0; index < 60; index++) files.write('api', NOON, line, NOON);
  disk.fault = () => undefined;
  files.flush(NOON + 60_000);
  const written = readFileSync(path).length / line.length;
  assert.equal(written + files.lost, 60);
  assert.ok(written >= 10, `${written} lines kept`);
  assert.match(said.at(-1) ?? '', new RegExp(`lines lost so far: ${files.lost}`));
});

test('a folder that cannot be created is logged, not thrown, and records are written once it can', (t) => {
  const { files, dir, said } = setUp(t);
  writeFileSync(dir, 'a file in the way');
  files.write('api', NOON, 'one\n', NOON);
  assert.match(said[0] ?? '', /MON_LOG_WRITE/);
  unlinkSync(dir);
  files.write('api', NOON + 1500, 'two\n', NOON + 1500);
  assert.equal(readFileSync(join(dir, 'api_20261123.log'), 'utf8'), 'one\ntwo\n');
});

test('a line that a killed process left cut off does not run into the next one', (t) => {
  const { files, dir } = setUp(t);
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'api_20261123.log');
  writeFileSync(path, 'whole\nhal');
  files.write('api', NOON, 'one\n', NOON);
  files.write('api', NOON, 'two\n', NOON);
  assert.equal(readFileSync(path, 'utf8'), 'whole\nhal\none\ntwo\n');
});

test('old daily files of our loggers go with the days that are kept; all others stay', (t) => {
  const { files, dir } = setUp(t, { retentionDays: 3 });
  mkdirSync(dir, { recursive: true });
  const names = [
    'api_20261119.log',
    'api_20261120.log',
    'access_20200101.log',
    'api_20200101.log.gz',
    'api.log',
  ];
  for (const name of [...names, 'security_20200101.log']) writeFileSync(join(dir, name), '');
  files.write('api', NOON, 'x\n', NOON);
  assert.deepEqual(filesIn(dir), [
    'access_20200101.log',
    'api.log',
    'api_20200101.log.gz',
    'api_20261120.log',
    'api_20261123.log',
  ]);
});

test('the number of open files is bounded, whatever the number of loggers', (t) => {
  const { files, dir } = setUp(t);
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 100; index++) files.write(`l${index}`, NOON, `${round}\n`, NOON);
  }
  assert.equal(filesIn(dir).length, 100);
  for (let index = 0; index < 100; index++) {
    assert.equal(readFileSync(join(dir, `l${index}_20261123.log`), 'utf8'), '0\n1\n');
  }
  const open = filesIn('/proc/self/fd').length;
  assert.ok(process.platform !== 'linux' || open < 90, `${open} descriptors`);
});
