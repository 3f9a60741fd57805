import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import { test, type TestContext } from 'node:test';
import type { SourceHandle } from '../../../src/sources/seam/source-handle.ts';
import type { SourceRow } from '../../../src/sources/seam/source.ts';
import { sourceRows } from '../../../src/sources/sources.ts';
import { collectedMetrics } from '../../helpers/collected-metrics.ts';
import { type ObservedSources, sourcesOf } from '../../helpers/observed-source.ts';

let made = 0;

interface Rig extends ObservedSources {
  readonly name: string;
  readonly publish: (message: unknown) => void;
  readonly seen: readonly unknown[];
}

/** A source on a channel of its own that keeps what it was given. */
function rig(t: TestContext, change: (row: SourceRow, name: string) => SourceRow = (row) => row): Rig {
  const name = `test.${(made += 1)}`;
  const seen: unknown[] = [];
  const row: SourceRow = {
    name: 'test',
    channels: [{ name, wakes: (message) => (message === 'wake' ? 'work' : undefined) }],
    observe: () => ({
      channels: { [name]: (message) => seen.push(message) },
      take: (event) => seen.push(event),
    }),
  };
  const observed = sourcesOf(t, collectedMetrics(), [change(row, name)]);
  return { ...observed, name, seen, publish: (message) => channel(name).publish(message) };
}

test('what came before the start is kept in order and comes with it, later messages come at once', (t) => {
  const { publish, start, seen, wakes } = rig(t);
  publish(1);
  publish(2);
  assert.deepEqual([seen, wakes()], [[], 0]);
  start();
  publish(3);
  assert.deepEqual(seen, [1, 2, 3]);
});

test('only messages that wake start the agent', (t) => {
  const { publish, wakes } = rig(t);
  publish('sleep');
  assert.equal(wakes(), 0);
  publish('wake');
  assert.equal(wakes(), 1);
});

test('what is kept is bounded, and what was too much is counted', (t) => {
  const { publish, start, seen, bridge } = rig(t);
  for (let at = 0; at < 1005; at += 1) publish(at);
  start();
  assert.equal(seen.length, 1000);
  assert.deepEqual(bridge.counts(), [{ source: 'test', errors: 0, dropped: 5 }]);
});

test('a source that throws ten times is switched off, counted and reported; the service sees nothing', (t) => {
  const failing = rig(t, (row, name) => ({
    ...row,
    observe: () => ({
      channels: {
        [name]: (): never => {
          throw new Error('not understood');
        },
      },
    }),
  }));
  failing.start();
  for (let at = 0; at < 15; at += 1) failing.publish(at);
  assert.equal(failing.errors.length, 9);
  assert.deepEqual(failing.switchedOff, ['test']);
  assert.deepEqual(failing.bridge.counts(), [{ source: 'test', errors: 10, dropped: 0 }]);
  assert.deepEqual(failing.bridge.found.all(), [
    { source: 'test', library: 'test', version: '', state: 'switched_off' },
  ]);
  assert.equal(channel(failing.name).hasSubscribers, false);
});

test('a source that cannot start is reported and left out, the others observe', async (t) => {
  const collected = collectedMetrics();
  const broken: SourceRow = {
    name: 'broken',
    observe: (): never => {
      throw new Error('no instruments');
    },
  };
  const { start, errors, bridge } = sourcesOf(t, collected, [broken, ...sourceRows]);
  start();
  assert.deepEqual(errors.map(String), ['Error: no instruments']);
  assert.deepEqual(bridge.found.all(), [
    { source: 'broken', library: 'broken', version: '', state: 'failed' },
  ]);
  const names = (await collected.read()).map(({ descriptor }) => descriptor.name);
  assert.ok(names.includes('process_cpu_seconds_total'), names.join());
});

test('what cannot wait is done before the start and after it, once per message', (t) => {
  const early: unknown[] = [];
  const { publish, start, seen } = rig(t, (row, name) => ({
    ...row,
    channels: [{ name, early: (message) => void early.push(message) }],
  }));
  publish(1);
  assert.deepEqual(early, [1]);
  start();
  publish(2);
  assert.deepEqual(
    [early, seen],
    [
      [1, 2],
      [1, 2],
    ],
  );
});

test('a handle works before and after the start, and after the stop it takes nothing', (t) => {
  let handle: SourceHandle | undefined;
  const { publish, start, seen, bridge, wakes } = rig(t, (row, name) => ({
    ...row,
    wakes: 'work',
    channels: [{ name, early: (_message, given) => void (handle = given) }],
  }));
  publish('here');
  handle?.take('before');
  assert.equal(wakes(), 1);
  start();
  handle?.take('after');
  assert.deepEqual(seen, ['here', 'before', 'after']);
  bridge.stop();
  bridge.stop();
  handle?.take('late');
  publish('late');
  assert.equal(seen.length, 3);
});

test('the libraries that sources find are bounded in number and length', (t) => {
  const { bridge } = rig(t);
  for (let at = 0; at < 300; at += 1) bridge.found.add('test', `library-${at}`, '1'.repeat(1000), 'observed');
  const all = bridge.found.all();
  assert.equal(all.length, 200);
  assert.ok(all.every(({ version }) => version.length === 64));
  bridge.found.add('test', 'library-1', '1'.repeat(1000), 'failed');
  assert.equal(bridge.found.all().find(({ library }) => library === 'library-1')?.state, 'failed');
});
