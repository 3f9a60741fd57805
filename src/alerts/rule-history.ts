import { Matcher } from './promql/matcher.ts';
import type { Labels } from './samples/labels.ts';
import { METRIC_NAME } from './samples/labels.ts';
import type { LabelMatcher, Queryable, SeriesView } from './samples/queryable.ts';
import { SampleStore, type SampleStoreStats } from './samples/sample-store.ts';
import type { RuleStore } from './rules/rule-runner.ts';

/** How far back rules look. */
export interface Reach {
  /** For every metric, milliseconds. */
  readonly commonMs: number;
  /** For metrics that rules look at further back, by name, milliseconds. */
  readonly byName: ReadonlyMap<string, number>;
}

/**
 * The samples that rules see. All series are in the common store for a short time; the few metrics that some rule looks
 * back at for long are kept in a second one as well. Keeping everything for the longest range of any rule would take
 * 60 KB a series for one rule with a range of an hour.
 */
export class RuleHistory implements Queryable, RuleStore {
  readonly #common: SampleStore;
  readonly #long = new SampleStore();
  #byName: ReadonlyMap<string, number> = new Map();

  constructor(common: SampleStore) {
    this.#common = common;
  }

  /** Takes effect from now on; what a metric has in the common store goes along into the second one. */
  setReach({ commonMs, byName }: Reach, spareMs: number): void {
    this.#common.setRetentionMs(commonMs + spareMs);
    this.#long.setRetentionMs(Math.max(0, ...byName.values()) + spareMs);
    const added = [...byName.keys()].filter((name) => !this.#byName.has(name));
    this.#byName = byName;
    for (const name of added) this.#seed(name);
  }

  append(labels: Labels, timeMs: number, value: number, startMs = 0, source = ''): boolean {
    const taken = this.#common.append(labels, timeMs, value, startMs, source);
    if (taken && this.#byName.has(labels.metricName))
      this.#long.append(labels, timeMs, value, startMs, source);
    return taken;
  }

  endScrape(source: string, timeMs: number): void {
    this.#common.endScrape(source, timeMs);
    this.#long.endScrape(source, timeMs);
  }

  hasMetric(name: string): boolean {
    return this.#common.hasMetric(name);
  }

  clear(): void {
    this.#common.clear();
    this.#long.clear();
  }

  select(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): Iterable<SeriesView> {
    const name = matchers.find((matcher) => matcher.name === METRIC_NAME)?.literal;
    const store = name !== undefined && this.#byName.has(name) ? this.#long : this.#common;
    return store.select(matchers, fromMs, toMs);
  }

  stats(): SampleStoreStats {
    const common = this.#common.stats();
    const long = this.#long.stats();
    return { ...common, samples: common.samples + long.samples, bytes: common.bytes + long.bytes };
  }

  #seed(name: string): void {
    for (const series of this.#common.select([new Matcher(METRIC_NAME, '=', name)], 0, 0)) this.#copy(series);
  }

  #copy(series: SeriesView): void {
    const { labels, times, values } = series;
    for (let i = series.from; i < series.to; i++) {
      if (series.isStale(i)) this.#long.appendStale(labels, times[i]!);
      else this.#long.append(labels, times[i]!, values[i]!, series.startAt(i));
    }
  }
}
