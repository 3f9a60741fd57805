import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clients } from './attacks/clients.ts';
import { extras } from './attacks/extras.ts';
import { files } from './attacks/files.ts';
import { frames } from './attacks/frames.ts';
import { labels } from './attacks/labels.ts';
import { queries } from './attacks/queries.ts';
import { Random } from './random.ts';

test('a seed gives the same choices again, another one others', () => {
  const choices = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  assert.deepEqual(choices(7), choices(7));
  assert.notDeepEqual(choices(7), choices(8));
});

test('choices are spread over their range', () => {
  const random = new Random(1);
  const counts = Array<number>(10).fill(0);
  for (let n = 0; n < 10_000; n++) {
    const at = random.below(10);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 800 && count < 1200, counts.join());
});

test('every attack repeats its generated attempts by seed, and names its known ones differently', () => {
  for (const attack of [queries, extras, labels, clients, frames, files]) {
    const names = (seed: number): string[] => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => attack.generate(random).name);
    };
    assert.ok(names(3).join('\n') === names(3).join('\n'), attack.name);
    const known = attack.known.map(({ name }) => name);
    assert.equal(new Set(known).size, known.length, attack.name);
    assert.ok(known.length >= 4, attack.name);
  }
});
