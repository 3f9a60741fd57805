import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Undo } from '../../src/monitor/undo.ts';

test('what was started is undone backwards, each step once, also after one that fails', async () => {
  const undone: string[] = [];
  const undo = new Undo();
  undo.add(() => undone.push('first'));
  undo.add(() => Promise.reject(new Error('no')));
  undo.add(async () => {
    await Promise.resolve();
    undone.push('last');
  });
  assert.equal(undo.begun, false);
  await undo.run();
  await undo.run();
  assert.deepEqual(undone, ['last', 'first']);
  assert.equal(undo.begun, true);
});
