import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFile, realDisk } from '../../src/files/disk.ts';
import { makeFolder, makeFolderWithin } from '../../src/files/make-folder.ts';
import { readFrom } from '../../src/files/read-from.ts';
import { appendWhole } from '../../src/files/write-all.ts';
import { faultyDisk } from '../helpers/faulty-disk.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const skip = process.platform === 'win32';
const HOWS = ['read', 'append', 'create', 'replace'] as const;

test(
  'P9 a pipe, a link, a device or a socket as file is opened, and a pipe waits for ever',
  { skip },
  async (t) => {
    const dir = temporaryFolder('open');
    writeFileSync(join(dir, 'victim'), 'precious');
    symlinkSync('victim', join(dir, 'link'));
    symlinkSync('nowhere', join(dir, 'dangling'));
    mkdirSync(join(dir, 'folder'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const server = createServer().listen(join(dir, 'socket'));
    t.after(() => server.close());
    await new Promise((ready) => server.once('listening', ready));
    for (const how of HOWS) {
      for (const [name, what] of [
        ['link', 'a symbolic link'],
        ['dangling', 'a symbolic link'],
        ['folder', 'a folder'],
        ['pipe', 'a pipe'],
        ['socket', 'a socket'],
      ] as const) {
        assert.throws(
          () => openFile(realDisk, join(dir, name), how),
          (error: Error) => error.message.startsWith(`it is ${what}, not a regular file`),
          `${how} ${name}`,
        );
      }
    }
    for (const device of ['/dev/null', '/dev/full', '/dev/zero'])
      assert.throws(() => openFile(realDisk, device, 'append'), /it is a device/, device);
    assert.equal(readFileSync(join(dir, 'victim'), 'utf8'), 'precious');
    assert.ok(!readdirSync(dir).includes('nowhere'));
  },
);

test('a pipe that somebody reads is refused as well, and its descriptor given back', { skip }, () => {
  const dir = temporaryFolder('open');
  const path = join(dir, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = realDisk.open(path, 0o4000, 0);
  const before = readdirSync('/proc/self/fd').length;
  assert.throws(() => openFile(realDisk, path, 'append'), /it is a pipe/);
  assert.equal(readdirSync('/proc/self/fd').length, before);
  closeSync(reader);
});

test('P9 Node makes folders below /proc for ever', { skip: process.platform !== 'linux' }, () => {
  for (const path of ['/proc/nope', '/proc/nope/deeper/still', '/dev/null/x', '/sys/nope'])
    assert.throws(() => makeFolder(realDisk, path), path);
});

test('a folder is made with those above it, and one that is there is fine', () => {
  const dir = temporaryFolder('folders');
  const path = join(dir, 'a', 'b', 'c');
  makeFolder(realDisk, path);
  makeFolder(realDisk, path);
  assert.deepEqual(readdirSync(join(dir, 'a', 'b')), ['c']);
});

test('a link below the log folder is refused, the log folder itself may be one', { skip }, () => {
  const dir = temporaryFolder('folders');
  mkdirSync(join(dir, 'real'));
  mkdirSync(join(dir, 'elsewhere'));
  symlinkSync('real', join(dir, 'logs'));
  makeFolderWithin(realDisk, join(dir, 'logs'), join(dir, 'logs', 'spool', 'shop'));
  symlinkSync('../elsewhere', join(dir, 'real', 'monitoring'));
  assert.throws(
    () => makeFolderWithin(realDisk, join(dir, 'logs'), join(dir, 'logs', 'monitoring')),
    /symbolic link/,
  );
});

test('a file is appended to as a whole, or not at all', () => {
  const path = join(temporaryFolder('append'), 'file');
  appendWhole(realDisk, path, 'one\n');
  const disk = faultyDisk();
  let writes = 0;
  disk.fault = ({ call }) => (call === 'write' ? (writes++ === 0 ? 'short' : 'ENOSPC') : undefined);
  assert.throws(() => appendWhole(disk, path, 'two\n'), { code: 'ENOSPC' });
  assert.equal(readFileSync(path, 'utf8'), 'one\n');
  assert.equal(readFrom(realDisk, path, 2, 2).toString(), 'e\n');
});

test('folders are made in one way only, which cannot hang', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('cli/') && file !== 'files/disk.ts',
  );
  const others = files.filter((file) =>
    /mkdir\w*\([^)]*recursive/.test(readFileSync(join('src', file), 'utf8')),
  );
  assert.deepEqual(others, []);
});
