import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, type Observation } from './observation.ts';

const SLACK_MS = 100;
const bare: Observation = {
  answers: { '200 app GET /item/1': 10 },
  stdout: ['app listens'],
  stderr: [],
  ends: [{ code: 0, signal: null }],
  leftovers: [],
  left: 0,
  ports: 1,
  tookMs: 20,
};
const same: Observation = { ...bare, ports: 2, sum: { shown: 10, right: [10] }, complaints: [] };

test('a preloaded run that shows the same, one port more and the right sum, is no difference', () => {
  assert.deepEqual(differences(bare, same, SLACK_MS), []);
  assert.deepEqual(differences(bare, { ...same, answers: { '200 app GET /item/1': 9 } }, SLACK_MS), []);
});

test('each thing that differs is one line', () => {
  const rows: readonly (readonly [Partial<Observation>, RegExp])[] = [
    [{ answers: { 'error: ECONNREFUSED': 10 } }, /^answers: /],
    [{ stdout: [] }, /^stdout: /],
    [{ stderr: ['a warning'] }, /^stderr: /],
    [{ ends: [{ code: 1, signal: null }] }, /^ends: /],
    [{ ends: [{ code: null, signal: 'SIGTERM' }] }, /^ends: /],
    [{ leftovers: ['tmp/x'] }, /^left behind: /],
    [{ left: 1 }, /^processes left: /],
    [{ ports: 1 }, /^open ports/],
    [{ ports: 3 }, /^open ports/],
    [{ sum: { shown: 9, right: [10] } }, /^requests: 10 were answered, 9 are shown/],
    [{ sum: { shown: undefined, right: [10, 4] } }, /^requests: 10 or 4 were answered, undefined/],
    [{ tookMs: 121 }, /^took 121 ms, bare 20 ms/],
    [{ complaints: ['a line of ours'] }, /^our own warning: a line of ours/],
  ];
  for (const [change, expected] of rows) {
    const found = differences(bare, { ...same, ...change }, SLACK_MS);
    assert.equal(found.length, 1, JSON.stringify(change));
    assert.match(found[0] ?? '', expected);
  }
});

test('a step that takes as long as the slack allows is no difference', () => {
  assert.deepEqual(differences(bare, { ...same, tookMs: 120 }, SLACK_MS), []);
});
