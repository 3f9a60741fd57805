import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeWhole } from '../../src/files/write-whole.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('a file is replaced as a whole, and nothing else stays in its folder', () => {
  const dir = temporaryFolder('write-whole');
  const path = join(dir, 'state.json');
  writeFileSync(path, 'a longer text before');
  writeWhole(path, 'new', { mode: 0o600 });
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dir), ['state.json']);
});

test('what cannot be replaced stays, and the error is that of the system', () => {
  const dir = temporaryFolder('write-whole');
  const path = join(dir, 'taken');
  mkdirSync(join(path, 'inner'), { recursive: true });
  assert.throws(() => writeWhole(path, 'new'), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(dir), ['taken']);
  assert.throws(() => writeWhole(join(dir, 'missing', 'x'), 'new'), { code: 'ENOENT' });
});
