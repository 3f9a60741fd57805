import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { livenessOf, ownIdentity } from '../../src/spool/process-identity.ts';

test('this process is alive', () => {
  assert.equal(livenessOf(ownIdentity()), ownIdentity().host === '' ? 'unknown' : 'alive');
});

test('a process that has ended is dead', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  assert.equal(livenessOf({ pid: child.pid ?? 0, start: '1', host: ownIdentity().host }), 'dead');
});

test('another process that was given the same id is not the one that had it', (t) => {
  if (ownIdentity().start === '') return t.skip('this system does not tell when a process started');
  assert.equal(livenessOf({ ...ownIdentity(), start: '1' }), 'dead');
});

test('of a process of another container nothing is known', () => {
  assert.equal(livenessOf({ ...ownIdentity(), host: 'elsewhere' }), 'unknown');
  assert.equal(livenessOf({ ...ownIdentity(), host: '' }), 'unknown');
});
