import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Matcher } from '../../src/promql/syntax/matchers/matcher.ts';
import { Labels } from '../../src/samples/labels.ts';
import type { SeriesView } from '../../src/samples/queryable.ts';
import { SampleStore } from '../../src/samples/sample-store.ts';

const named = (name: string, labels: Record<string, string> = {}): Labels =>
  Labels.from({ __name__: name, ...labels });
const select = (store: SampleStore, name: string): readonly SeriesView[] =>
  store.select([new Matcher('__name__', '=', name)], 0, 0);

/** The samples of a view as text: `value@time`, a staleness marker as `stale@time`. */
function samples(view: SeriesView | undefined): string[] {
  if (view === undefined) return [];
  return Array.from({ length: view.to - view.from }, (_, i) => {
    const index = view.from + i;
    return `${view.isStale(index) ? 'stale' : view.values[index]}@${view.times[index]}`;
  });
}

test('samples come back oldest first with their times', () => {
  const store = new SampleStore();
  store.append(named('x'), 1000, 1);
  store.append(named('x'), 2000, 2);
  assert.deepEqual(samples(select(store, 'x')[0]), ['1@1000', '2@2000']);
});

test('a sample that is not newer than the last one is refused and counted', () => {
  const store = new SampleStore();
  assert.equal(store.append(named('x'), 2000, 1), true);
  assert.equal(store.append(named('x'), 2000, 2), false);
  assert.equal(store.append(named('x'), 1000, 2), false);
  assert.equal(store.stats().outOfOrderSamples, 2);
  assert.deepEqual(samples(select(store, 'x')[0]), ['1@2000']);
});

test('series beyond the limit are refused and counted, known ones go on', () => {
  const store = new SampleStore({ maxSeries: 2 });
  for (const name of ['a', 'b', 'c', 'd']) store.append(named(name), 1000, 1);
  assert.equal(store.append(named('a'), 2000, 1), true);
  assert.equal(store.stats().series, 2);
  assert.equal(store.stats().droppedSamples, 2);
});

test('a series that does not come in a scrape is marked as ended, once', () => {
  const store = new SampleStore();
  store.append(named('a'), 1000, 1, 0, 'app');
  store.append(named('b'), 1000, 1, 0, 'app');
  store.append(named('c'), 1000, 1, 0, 'other');
  store.endScrape('app', 1000);
  store.append(named('a'), 2000, 1, 0, 'app');
  store.endScrape('app', 2000);
  store.append(named('a'), 3000, 1, 0, 'app');
  store.endScrape('app', 3000);
  assert.deepEqual(samples(select(store, 'a')[0]), ['1@1000', '1@2000', '1@3000']);
  assert.deepEqual(samples(select(store, 'b')[0]), ['1@1000', 'stale@2000']);
  assert.deepEqual(samples(select(store, 'c')[0]), ['1@1000']);
});

test('a source that is gone ends all its series, and its return begins them again', () => {
  const store = new SampleStore();
  store.append(named('a'), 1000, 1, 0, 'app');
  store.endScrape('app', 1000);
  store.endSource('app', 2000);
  store.endSource('app', 3000);
  store.append(named('a'), 4000, 2, 0, 'app');
  store.endScrape('app', 4000);
  assert.deepEqual(samples(select(store, 'a')[0]), ['1@1000', 'stale@2000', '2@4000']);
});

test('a series belongs to the source that wrote it last', () => {
  const store = new SampleStore();
  store.append(named('a'), 1000, 1, 0, 'old');
  store.append(named('a'), 2000, 1, 0, 'new');
  store.endScrape('old', 3000);
  assert.deepEqual(samples(select(store, 'a')[0]), ['1@1000', '1@2000']);
});

test('NaN is a value and no staleness marker', () => {
  const store = new SampleStore();
  store.append(named('a'), 1000, Number.NaN);
  store.appendStale(named('a'), 2000);
  assert.deepEqual(samples(select(store, 'a')[0]), ['NaN@1000', 'stale@2000']);
});

test('a series without samples within the retention is forgotten', () => {
  const store = new SampleStore({ retentionMs: 10_000 });
  store.append(named('a'), 1000, 1, 0, 'app');
  store.endScrape('app', 2000);
  store.endScrape('app', 3000);
  assert.equal(store.stats().series, 1);
  store.endScrape('app', 20_000);
  assert.equal(store.stats().series, 0);
  assert.equal(store.hasMetric('a'), false);
  store.append(named('b'), 21_000, 1);
  store.prune(40_000);
  assert.equal(store.stats().series, 0);
});

test('a selection follows series that come and go', () => {
  const store = new SampleStore();
  const matchers = [new Matcher('job', '=~', 'a|b')];
  assert.equal(store.select(matchers, 0, 0).length, 0);
  store.append(named('x', { job: 'a' }), 1000, 1);
  store.append(named('x', { job: 'c' }), 1000, 1);
  assert.equal(store.select(matchers, 0, 0).length, 1);
  store.append(named('y', { job: 'b' }), 1000, 1);
  assert.equal(store.select(matchers, 0, 0).length, 2);
  store.clear();
  assert.equal(store.select(matchers, 0, 0).length, 0);
});

test('each sample knows the start of its count', () => {
  const store = new SampleStore({ retentionMs: 1_000_000 });
  store.append(named('x'), 1000, 1, 500);
  store.append(named('x'), 2000, 2, 500);
  store.append(named('x'), 3000, 1, 2500);
  const [view] = select(store, 'x');
  assert.deepEqual(
    [0, 1, 2].map((i) => view!.startAt(i)),
    [500, 500, 2500],
  );
  assert.equal(view!.uniformStart(0, 2), 500);
  assert.equal(view!.uniformStart(0, 3), undefined);
  assert.equal(view!.uniformStart(2, 3), 2500);
});

test('a sample takes 16 bytes and at most as much again in slack', () => {
  const store = new SampleStore({ retentionMs: 3_600_000 });
  for (let i = 0; i < 1000; i++) store.append(named('x'), i * 15_000, i, 1);
  const { samples: count, bytes } = store.stats();
  assert.ok(count >= 240, `${count} samples of one hour`);
  assert.ok(bytes / count >= 16 && bytes / count <= 32, `${bytes / count} bytes per sample`);
});

test('whatever comes, the samples of the retention are all there and in order', () => {
  const step = fc.record({
    gapMs: fc.integer({ min: 1, max: 4000 }),
    value: fc.integer({ min: 0, max: 99 }),
    start: fc.integer({ min: 0, max: 3 }),
    isStale: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 60_000 }),
      (steps, retentionMs) => {
        const store = new SampleStore({ retentionMs });
        const expected: string[] = [];
        const starts: number[] = [];
        let timeMs = 0;
        let ended = true;
        for (const { gapMs, value, start, isStale } of steps) {
          timeMs += gapMs;
          if (isStale && ended) continue;
          ended = isStale;
          if (isStale) store.appendStale(named('x'), timeMs);
          else store.append(named('x'), timeMs, value, start);
          expected.push(`${isStale ? 'stale' : value}@${timeMs}`);
          starts.push(isStale ? -1 : start);
        }
        const [view] = select(store, 'x');
        const got = samples(view);
        const wanted = expected.filter((text) => Number(text.split('@')[1]) >= timeMs - retentionMs);
        assert.deepEqual(got.slice(got.length - wanted.length), wanted);
        assert.deepEqual(expected.slice(expected.length - got.length), got);
        assert.equal(
          view?.hasStale ?? false,
          got.some((text) => text.startsWith('stale')),
        );
        for (const [i, start] of starts.slice(starts.length - got.length).entries()) {
          if (start >= 0) assert.equal(view!.startAt(view!.from + i), start);
        }
      },
    ),
    { numRuns: 300 },
  );
});
