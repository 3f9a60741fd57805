import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ownIdentity } from '../../src/spool/process-identity.ts';
import {
  appendAck,
  claimSegment,
  deleteSegment,
  dropClaims,
  hasEnded,
  keepClaims,
  listSegments,
  parseSegmentName,
  readAck,
  releaseSegment,
  segmentBase,
  type SegmentName,
  spoolDirOf,
  sweepSpool,
} from '../../src/spool/segments.ts';
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
  const names = [segmentBase(2000, 'b', 1), segmentBase(1000, 'c-d', 2), segmentBase(1000, 'c-d', 1)];
  for (const name of names) put(dir, `${name}.seg`);
  for (const other of ['x.seg', 'refused', '1-a.ack', `${names[0]}.ack`]) writeFileSync(join(dir, other), '');
  assert.deepEqual(
    listSegments(dir).map(({ base }) => base),
    [names[2], names[1], names[0]],
  );
  assert.deepEqual(listSegments(join(dir, 'missing')), []);
});

test('a segment is taken once and given back', (t) => {
  const dir = tempDir(t);
  const segment = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  const claimed = claimSegment(dir, segment, NOW);
  assert.ok(claimed);
  assert.equal(claimSegment(dir, segment, NOW), undefined, 'the old name is gone');
  assert.deepEqual(claimSegment(dir, claimed, NOW), claimed, 'it is ours already');
  releaseSegment(dir, claimed);
  assert.deepEqual(listSegments(dir), [segment]);
});

test('a claim of a process that died is taken over, one of a living process is not', async (t) => {
  const dir = tempDir(t);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const { host } = ownIdentity();
  if (host === '') return t.skip('this system does not tell processes apart');
  const alive = put(dir, `${segmentBase(1000, 'p', 1)}.${child.pid}--${host}.seg`);
  assert.equal(claimSegment(dir, alive, NOW), undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(claimSegment(dir, alive, NOW));
});

test('a claim from another container holds while that shows signs of life', (t) => {
  const dir = tempDir(t);
  const far = put(dir, `${segmentBase(1000, 'p', 1)}.7-77-elsewhere.seg`);
  const heartbeat = join(dir, 'claims.7-77-elsewhere');
  writeFileSync(heartbeat, '');
  assert.equal(claimSegment(dir, far, NOW), undefined);
  utimesSync(heartbeat, NOW / 1000 - 300, NOW / 1000 - 300);
  assert.ok(claimSegment(dir, far, NOW));
});

test('what killed processes left beside the segments is swept, what is in use is not', (t) => {
  const dir = tempDir(t);
  const segment = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  appendAck(dir, segment.base, { bytes: 1, records: 1 });
  for (const name of ['claims.7-77-x', 'claims.8-88-x', '0000000000001-gone-000001.ack', 'refused']) {
    writeFileSync(join(dir, name), '');
    if (name !== 'claims.8-88-x') utimesSync(join(dir, name), 1, 1);
  }
  utimesSync(join(dir, `${segment.base}.ack`), 1, 1);
  sweepSpool(dir, NOW);
  assert.deepEqual(filesIn(dir), [`${segment.base}.ack`, `${segment.base}.seg`, 'claims.8-88-x', 'refused']);
});

test('signs of life of this process are there while it claims', (t) => {
  const dir = tempDir(t);
  keepClaims(dir, NOW);
  assert.equal(filesIn(dir).length, 1);
  dropClaims(dir);
  assert.deepEqual(filesIn(dir), []);
});

test('a writer elsewhere has ended when its segment was left alone for two minutes', (t) => {
  const dir = tempDir(t);
  const { path } = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  const elsewhere = { pid: 7, start: '77', host: 'elsewhere' };
  assert.equal(hasEnded(path, elsewhere, Date.now()), false);
  assert.equal(hasEnded(path, elsewhere, Date.now() + 121_000), true);
  assert.equal(hasEnded(path, ownIdentity(), Date.now() + 121_000), ownIdentity().host === '');
});

test('how far a segment was taken is the last whole line beside it', (t) => {
  const dir = tempDir(t);
  const segment = put(dir, `${segmentBase(1000, 'p', 1)}.seg`);
  assert.deepEqual(readAck(dir, segment.base), { bytes: 0, records: 0 });
  appendAck(dir, segment.base, { bytes: 100, records: 3 });
  appendAck(dir, segment.base, { bytes: 250, records: 9 });
  assert.deepEqual(readAck(dir, segment.base), { bytes: 250, records: 9 });
  writeFileSync(join(dir, `${segment.base}.ack`), '100 3\n250 9\n99');
  assert.deepEqual(readAck(dir, segment.base), { bytes: 250, records: 9 });
  assert.ok(deleteSegment(dir, segment));
  assert.deepEqual(filesIn(dir), []);
  assert.ok(!deleteSegment(dir, segment));
});
