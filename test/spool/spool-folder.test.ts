import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ownIdentity } from '../../src/spool/process-identity.ts';
import { parseSegmentName, segmentBase, type SegmentName, spoolDirOf } from '../../src/spool/segments.ts';
import { SpoolFolder } from '../../src/spool/spool-folder.ts';
import { filesIn, tempDir } from '../helpers/logging.ts';

const NOW = Date.now();

function put(dir: string, name: string): SegmentName {
  writeFileSync(join(dir, name), '');
  return parseSegmentName(dir, name) as SegmentName;
}

test('the folder of a service cannot be left by its name', () => {
  assert.equal(spoolDirOf('/logs', '../x'), '/logs/spool/__x');
});

test('segments are listed oldest first; other files are none of them', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const names = [segmentBase(2000, 'b', 1), segmentBase(1000, 'c-d', 2), segmentBase(1000, 'c-d', 1)];
  for (const name of names) put(dir, `${name}.seg`);
  for (const other of ['x.seg', 'refused', '1-a.ack', `${names[0]}.ack`]) writeFileSync(join(dir, other), '');
  assert.deepEqual(
    folder.list().map(({ base }) => base),
    [names[2], names[1], names[0]],
  );
  assert.deepEqual(new SpoolFolder(join(dir, 'missing')).list(), []);
});

test('a segment is taken once and given back', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const segment = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  const claimed = folder.claim(segment, NOW);
  assert.ok(claimed);
  assert.equal(folder.claim(segment, NOW), undefined, 'the old name is gone');
  assert.deepEqual(folder.claim(claimed, NOW), claimed, 'it is ours already');
  folder.release(claimed);
  assert.deepEqual(folder.list(), [segment]);
});

test('a claim of a process that died is taken over, one of a living process is not', async (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const { host } = ownIdentity();
  if (host === '') return t.skip('this system does not tell processes apart');
  const alive = put(dir, `${segmentBase(1000, 'p', 1)}.${child.pid}--${host}.seg`);
  assert.equal(folder.claim(alive, NOW), undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(folder.claim(alive, NOW));
});

test('a claim from another container holds while that shows signs of life', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const far = put(dir, `${segmentBase(1000, 'p', 1)}.7-77-elsewhere.seg`);
  const heartbeat = join(dir, 'claims.7-77-elsewhere');
  writeFileSync(heartbeat, '');
  assert.equal(folder.claim(far, NOW), undefined);
  utimesSync(heartbeat, NOW / 1000 - 300, NOW / 1000 - 300);
  assert.ok(folder.claim(far, NOW));
});

test('what killed processes left beside the segments is swept, what is in use is not', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const segment = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  folder.appendAck(segment.base, { bytes: 1, records: 1 });
  for (const name of ['claims.7-77-x', 'claims.8-88-x', '0000000000001-gone-000001.ack', 'refused']) {
    writeFileSync(join(dir, name), '');
    if (name !== 'claims.8-88-x') utimesSync(join(dir, name), 1, 1);
  }
  utimesSync(join(dir, `${segment.base}.ack`), 1, 1);
  folder.sweep(NOW);
  assert.deepEqual(filesIn(dir), [`${segment.base}.ack`, `${segment.base}.seg`, 'claims.8-88-x', 'refused']);
});

test('signs of life of this process are there while it claims', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  folder.keepClaims(NOW);
  assert.equal(filesIn(dir).length, 1);
  folder.dropClaims();
  assert.deepEqual(filesIn(dir), []);
});

test('a writer elsewhere has ended when its segment was left alone for two minutes', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const { path } = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  const elsewhere = { pid: 7, start: '77', host: 'elsewhere' };
  assert.equal(folder.hasEnded(path, elsewhere, Date.now()), false);
  assert.equal(folder.hasEnded(path, elsewhere, Date.now() + 121_000), true);
  assert.equal(folder.hasEnded(path, ownIdentity(), Date.now() + 121_000), ownIdentity().host === '');
});

test('how far a segment was taken is the last whole line beside it', (t) => {
  const dir = tempDir(t);
  const folder = new SpoolFolder(dir);
  const segment = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  assert.deepEqual(folder.readAck(segment.base), { bytes: 0, records: 0 });
  folder.appendAck(segment.base, { bytes: 100, records: 3 });
  folder.appendAck(segment.base, { bytes: 250, records: 9 });
  assert.deepEqual(folder.readAck(segment.base), { bytes: 250, records: 9 });
  writeFileSync(join(dir, `${segment.base}.ack`), '100 3\n250 9\n99');
  assert.deepEqual(folder.readAck(segment.base), { bytes: 250, records: 9 });
  assert.ok(folder.delete(segment));
  assert.deepEqual(filesIn(dir), []);
  assert.ok(!folder.delete(segment));
});
