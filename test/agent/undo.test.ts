import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Undo } from '../../src/agent/undo.ts';

test('what was begun is undone in the opposite order, once, and one failure does not keep the rest', () => {
  const done: string[] = [];
  const undo = new Undo();
  undo.add(() => done.push('first'));
  undo.add(() => {
    throw new Error('cannot be undone');
  });
  undo.add(() => done.push('third'));
  undo.run();
  undo.run();
  assert.deepEqual(done, ['third', 'first']);
});
