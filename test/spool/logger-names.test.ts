import assert from 'node:assert/strict';
import test from 'node:test';
import { createLoggerNames, safeName } from '../../src/spool/logger-names.ts';

test('a name cannot leave the folder or hide', () => {
  assert.equal(safeName('../../etc/passwd'), '__.._etc_passwd');
  assert.equal(safeName('..'), '_');
  assert.equal(safeName('.hidden'), '_hidden');
  assert.equal(safeName('a/b\\c:d\u0000e'), 'a_b_c_d_e');
  assert.equal(safeName(''), 'other');
  assert.equal(safeName('x'.repeat(500)).length, 64);
});

test('names after the limit are other, which is logged once', () => {
  const said: string[] = [];
  const applicationOf = createLoggerNames(5, ['api', 'ai', 'db', 'security'], (name) => said.push(name));
  assert.equal(applicationOf('billing'), 'billing');
  assert.equal(applicationOf('one-too-many'), 'other');
  assert.equal(applicationOf('another'), 'other');
  assert.equal(applicationOf('billing'), 'billing');
  assert.equal(applicationOf('security'), 'security');
  assert.deepEqual(said, ['one-too-many']);
});

test('L5 names that are equal in their first 64 characters share a file', () => {
  const start = 't'.repeat(64);
  assert.notEqual(safeName(`${start}1`), safeName(`${start}2`));
  const applicationOf = createLoggerNames(6, ['api', 'ai', 'db', 'security'], () => undefined);
  const found = new Set(Array.from({ length: 10_000 }, (_, index) => applicationOf(start + index)));
  assert.equal(found.size, 3);
});

test('endless names all become other', () => {
  const applicationOf = createLoggerNames(4, ['api', 'ai', 'db', 'security'], () => undefined);
  for (let index = 0; index < 10_000; index++) assert.equal(applicationOf(`user-${index}`), 'other');
});
