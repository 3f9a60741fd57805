import type { Labels } from '../../samples/labels.ts';
import type { Queryable, SeriesView } from '../../samples/queryable.ts';

/** A source that holds one sample per series, all of one time, and answers every selector with all of them. */
export class GivenSamples implements Queryable {
  #series: readonly SeriesView[] = [];

  set(timeMs: number, samples: readonly { readonly labels: Labels; readonly value: number }[]): void {
    const times = Float64Array.of(timeMs);
    this.#series = samples.map(({ labels, value }) => ({
      labels,
      times,
      values: Float64Array.of(value),
      from: 0,
      to: 1,
      hasStale: false,
      isStale: () => false,
      startAt: () => 0,
      uniformStart: () => 0,
    }));
  }

  select(): readonly SeriesView[] {
    return this.#series;
  }
}
