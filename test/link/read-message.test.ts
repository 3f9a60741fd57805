import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AgentMessage, MonitorMessage } from '../../src/link/messages.ts';
import { readAgentMessage, readMonitorMessage } from '../../src/link/read-message.ts';
import { ShapeError } from '../../src/link/shape.ts';
import { metric, snapshotOf } from '../helpers/snapshots.ts';

const histogram = metric(0, 'seconds', 'histogram', { boundaries: [0.1, 1] });
const snapshot = snapshotOf([{ metric: histogram, labels: { path: '/' }, numbers: [1, 1, 1, 0, 1, 0] }]);

const agentMessages: readonly AgentMessage[] = [
  { kind: 'hello', processId: 'a', pid: 1 },
  { kind: 'snapshot', request: 0, snapshot },
  { kind: 'spooled' },
  { kind: 'drain', request: 1, deadlineMs: 500 },
  { kind: 'drain', request: 1, deadlineMs: 500, done: new SharedArrayBuffer(4) },
  { kind: 'sample-host' },
  { kind: 'end', end: { kind: 'signal', code: 143, atMs: 1 } },
  { kind: 'reload' },
  { kind: 'silence', request: { do: 'list' } },
  { kind: 'silence', request: { do: 'remove', id: 'ab' } },
  {
    kind: 'silence',
    request: { do: 'add', matchers: 'a="b"', forMs: 1000, comment: 'disk', createdBy: 'me' },
  },
  { kind: 'step-down' },
];

const monitorMessages: readonly MonitorMessage[] = [
  { kind: 'collect', request: 1 },
  { kind: 'drained', request: 1 },
  { kind: 'collector', reachable: false },
  { kind: 'process-killed', pid: 7, atMs: 1000 },
  { kind: 'ready', metricsUrl: 'http://127.0.0.1:9464' },
  { kind: 'ready', metricsUrl: undefined },
  { kind: 'reloaded', ok: true },
  { kind: 'silenced', answer: { ok: true, silences: [] } },
  { kind: 'silenced', answer: { ok: false, where: 'a', expected: 'b', got: 'c' } },
  { kind: 'not-leader', steppedDown: true },
];

test('every message of ours is read as it was sent', () => {
  for (const message of agentMessages) assert.deepEqual(readAgentMessage(message), message);
  for (const message of monitorMessages) assert.deepEqual(readMonitorMessage(message), message);
});

const add = { do: 'add', matchers: 'a="b"', forMs: 1000, comment: 'disk', createdBy: 'me' };
const withMetric = (more: object): unknown => ({
  ...snapshot,
  newMetrics: [{ ...histogram, ...more }],
});
const withSeries = (more: object): unknown => ({
  ...snapshot,
  newSeries: [{ id: 0, metric: 0, labels: {}, ...more }],
});

const forged: readonly (readonly [what: string, message: unknown])[] = [
  ['no object', 'hello'],
  ['nothing', null],
  ['a list', []],
  ['an unknown kind', { kind: 'bogus' }],
  ['a kind of every object', { kind: 'constructor' }],
  ['hello without a process id', { kind: 'hello', pid: 1 }],
  ['hello with a pid that is no number', { kind: 'hello', processId: 'a', pid: 'x' }],
  ['hello with a process id of a megabyte', { kind: 'hello', processId: 'x'.repeat(1e6), pid: 1 }],
  ['an end with half a code', { kind: 'end', end: { kind: 'exit', code: 0.5, atMs: 1 } }],
  ['an end of an unknown kind', { kind: 'end', end: { kind: 'toString', code: 0, atMs: 1 } }],
  ['drain without end', { kind: 'drain', request: 1, deadlineMs: Number.POSITIVE_INFINITY }],
  [
    'drain with a done that nobody shares',
    { kind: 'drain', request: 1, deadlineMs: 1, done: new ArrayBuffer(4) },
  ],
  ['a silence with a number as comment', { kind: 'silence', request: { ...add, comment: 5 } }],
  ['a silence of no length', { kind: 'silence', request: { ...add, forMs: Number.NaN } }],
  ['a silence with an unknown request', { kind: 'silence', request: { do: 'everything' } }],
  ['a snapshot of a number', { kind: 'snapshot', request: 0, snapshot: 5 }],
  [
    'a snapshot of an unknown metric kind',
    { kind: 'snapshot', request: 0, snapshot: withMetric({ kind: 'x' }) },
  ],
  [
    'a histogram without boundaries',
    { kind: 'snapshot', request: 0, snapshot: withMetric({ boundaries: undefined }) },
  ],
  ['boundaries that fall', { kind: 'snapshot', request: 0, snapshot: withMetric({ boundaries: [2, 1] }) }],
  ['a metric name that is no text', { kind: 'snapshot', request: 0, snapshot: withMetric({ name: {} }) }],
  ['labels that are none', { kind: 'snapshot', request: 0, snapshot: withSeries({ labels: null }) }],
  [
    'a label value that is no text',
    { kind: 'snapshot', request: 0, snapshot: withSeries({ labels: { a: 5 } }) },
  ],
  ['a negative series id', { kind: 'snapshot', request: 0, snapshot: withSeries({ id: -1 }) }],
  ['values that are a list', { kind: 'snapshot', request: 0, snapshot: { ...snapshot, values: [1] } }],
  ['a time that is none', { kind: 'snapshot', request: 0, snapshot: { ...snapshot, atMs: Number.NaN } }],
];

test('M7 unknown kinds and forged fields are refused, whatever they are', () => {
  for (const [what, message] of forged) assert.throws(() => readAgentMessage(message), ShapeError, what);
  const answers = [
    { kind: 'collect' },
    { kind: 'collector', reachable: 1 },
    { kind: 'silenced', answer: {} },
    {},
  ];
  for (const message of answers) assert.throws(() => readMonitorMessage(message), ShapeError);
});

test('M7 of any message only a ShapeError comes', () => {
  const kinds = fc.constantFrom(...agentMessages.map(({ kind }) => kind), 'bogus');
  const message = fc.record({
    kind: kinds,
    request: fc.anything(),
    snapshot: fc.anything(),
    pid: fc.anything(),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), message), (value) => {
      for (const read of [readAgentMessage, readMonitorMessage]) {
        try {
          read(value);
        } catch (error) {
          assert.ok(error instanceof ShapeError);
        }
      }
    }),
    { numRuns: 500 },
  );
});
