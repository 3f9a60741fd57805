import type { Sample } from '../sample.ts';

/**
 * The `count` greatest (or least) samples, best first. NaN is worse than every number either way. A heap whose root is
 * the worst sample kept, so that of equal ones the earlier stay, as in Prometheus.
 */
export function selectTop(samples: readonly Sample[], count: number, greatest: boolean): Sample[] {
  const isWorse = (a: number, b: number): boolean => {
    if (Number.isNaN(a)) return !Number.isNaN(b);
    return greatest ? a < b : a > b;
  };
  const heap: Sample[] = [];
  const up = (from: number): void => {
    for (let child = from; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!isWorse(heap[child]!.value, heap[parent]!.value)) return;
      [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
      child = parent;
    }
  };
  const down = (): void => {
    for (let parent = 0; ;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && isWorse(heap[child + 1]!.value, heap[child]!.value)) child++;
      if (!isWorse(heap[child]!.value, heap[parent]!.value)) return;
      [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
      parent = child;
    }
  };
  for (const sample of samples) {
    if (heap.length < count) {
      heap.push(sample);
      up(heap.length - 1);
    } else if (isWorse(heap[0]!.value, sample.value)) {
      heap[0] = sample;
      down();
    }
  }
  return heap.sort((a, b) => Number(isWorse(a.value, b.value)) - Number(isWorse(b.value, a.value)));
}
