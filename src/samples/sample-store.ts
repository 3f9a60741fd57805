// Hot path: `append` runs once per series and scrape; `select` once per selector and evaluation, from a cache that
// lives as long as no series comes or goes.
import { Labels, METRIC_NAME } from './labels.ts';
import type { LabelMatcher, OnWork, Queryable, SeriesView } from './queryable.ts';
import { SeriesBuffer } from './series-buffer.ts';

export interface SampleStoreOptions {
  /** How long samples are kept, milliseconds; `longestRangeMs` of the loaded rules. Default 10 minutes. */
  readonly retentionMs?: number;
  /** Series beyond this many are not taken in, and counted. Default 100,000. */
  readonly maxSeries?: number;
}

export interface SampleStoreStats {
  readonly series: number;
  readonly samples: number;
  /** Bytes of the sample buffers, without labels. */
  readonly bytes: number;
  /** Samples of series that did not fit under `maxSeries`. */
  readonly droppedSamples: number;
  /** Samples not newer than the last one of their series. */
  readonly outOfOrderSamples: number;
}

interface Source {
  scrape: number;
  readonly series: Set<SeriesBuffer>;
}

interface Selection {
  readonly generation: number;
  readonly series: readonly SeriesBuffer[];
}

const DEFAULT_RETENTION_MS = 600_000; // 10 minutes
const DEFAULT_MAX_SERIES = 100_000;

/** What it takes to test the labels of one series. */
function stepsOf(matchers: readonly LabelMatcher[], labels: Labels): number {
  let steps = 10;
  for (const { name, cost } of matchers)
    steps += 10 + (cost === 0 ? 0 : cost * (labels.get(name).length + 1));
  return steps;
}

/**
 * The last samples of every series in memory, bounded in series (`maxSeries`) and in time (`retentionMs`). Series that
 * got no sample for that long are forgotten.
 */
export class SampleStore implements Queryable {
  readonly #maxSeries: number;
  readonly #byKey = new Map<string, SeriesBuffer>();
  readonly #byName = new Map<string, Set<SeriesBuffer>>();
  readonly #sources = new Map<string, Source>();
  #selections = new WeakMap<readonly LabelMatcher[], Selection>();
  #generation = 0;
  #retentionMs: number;
  #longer: ReadonlyMap<string, number> = new Map();
  #droppedSamples = 0;
  #outOfOrderSamples = 0;

  constructor(options: SampleStoreOptions = {}) {
    this.#retentionMs = options.retentionMs ?? DEFAULT_RETENTION_MS;
    this.#maxSeries = options.maxSeries ?? DEFAULT_MAX_SERIES;
  }

  get retentionMs(): number {
    return this.#retentionMs;
  }

  /**
   * Takes effect as buffers fill up; a longer retention cannot bring back what is gone. `longer` names the metrics that
   * are kept for longer than the others: one rule that looks back an hour must not keep every series for that long.
   */
  setRetentionMs(retentionMs: number, longer: ReadonlyMap<string, number> = new Map()): void {
    this.#retentionMs = retentionMs;
    this.#longer = longer;
    for (const series of this.#byKey.values()) series.retentionMs = this.#retentionOf(series.labels);
  }

  /**
   * Adds one sample. `startMs` is the start of its cumulative count (0: unknown); `source` names the scrape that it
   * belongs to, for `endScrape`. Returns false, and counts, when it was not taken in: the store is full, or the
   * sample is not newer than the last of its series.
   */
  append(labels: Labels, timeMs: number, value: number, startMs = 0, source = ''): boolean {
    const series = this.#byKey.get(labels.key) ?? this.#add(labels);
    if (series === undefined) {
      this.#droppedSamples++;
      return false;
    }
    if (series.lastTime >= timeMs) {
      this.#outOfOrderSamples++;
      return false;
    }
    series.append(timeMs, value, startMs, timeMs - series.retentionMs);
    this.#seenIn(series, source);
    return true;
  }

  /**
   * Closes one scrape of a source: its series that did not come since the last call get a staleness marker at this
   * time, and those without samples within the retention are forgotten.
   */
  endScrape(source: string, timeMs: number): void {
    const found = this.#sources.get(source);
    if (found === undefined) return;
    for (const series of found.series) {
      if (series.scrape !== found.scrape) this.#end(series, timeMs);
    }
    found.scrape++;
  }

  /** A source is gone, or could not be read: all its series get a staleness marker at this time. */
  endSource(source: string, timeMs: number): void {
    const found = this.#sources.get(source);
    if (found === undefined) return;
    for (const series of found.series) this.#end(series, timeMs);
    found.scrape++;
  }

  /** Marks one series as ended, as for the `ALERTS` of a rule that went away. */
  appendStale(labels: Labels, timeMs: number): void {
    const series = this.#byKey.get(labels.key);
    if (series !== undefined) this.#end(series, timeMs);
  }

  /** Forgets the series without samples within the retention, whatever their source. */
  prune(nowMs: number): void {
    for (const series of this.#byKey.values()) {
      if (series.lastTime < nowMs - series.retentionMs) this.#forget(series);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#byKey.clear();
    this.#byName.clear();
    this.#sources.clear();
    this.#generation++;
  }

  *labelSets(): Iterable<Labels> {
    for (const series of this.#byKey.values()) yield series.labels;
  }

  hasMetric(name: string): boolean {
    return this.#byName.has(name);
  }

  /** All series that fit, in the order of their labels; their buffers are shared, not copied, and `fromMs` and `toMs` do not narrow them. */
  select(
    matchers: readonly LabelMatcher[],
    _fromMs: number,
    _toMs: number,
    onWork?: OnWork,
  ): readonly SeriesView[] {
    const known = this.#selections.get(matchers);
    if (known?.generation === this.#generation) return known.series;
    const series = this.#find(matchers, onWork);
    this.#selections.set(matchers, { generation: this.#generation, series });
    return series;
  }

  stats(): SampleStoreStats {
    let samples = 0;
    let bytes = 0;
    for (const series of this.#byKey.values()) {
      samples += series.to - series.from;
      bytes += series.bytes;
    }
    return {
      series: this.#byKey.size,
      samples,
      bytes,
      droppedSamples: this.#droppedSamples,
      outOfOrderSamples: this.#outOfOrderSamples,
    };
  }

  #find(matchers: readonly LabelMatcher[], onWork: OnWork | undefined): SeriesBuffer[] {
    const name = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.literal)?.literal;
    const candidates = name === undefined ? this.#byKey.values() : (this.#byName.get(name) ?? []);
    const found: SeriesBuffer[] = [];
    for (const series of candidates) {
      onWork?.(stepsOf(matchers, series.labels));
      if (matchers.every((matcher) => matcher.matches(series.labels.get(matcher.name)))) found.push(series);
    }
    // One order whenever they came: sums of the same numbers are then the same to the last bit, and ties fall alike.
    return found.sort((a, b) => Labels.compare(a.labels, b.labels));
  }

  #add(labels: Labels): SeriesBuffer | undefined {
    if (this.#byKey.size >= this.#maxSeries) return undefined;
    const series = new SeriesBuffer(labels);
    series.retentionMs = this.#retentionOf(labels);
    this.#byKey.set(labels.key, series);
    const name = labels.metricName;
    const named = this.#byName.get(name);
    if (named === undefined) this.#byName.set(name, new Set([series]));
    else named.add(series);
    this.#generation++;
    return series;
  }

  #retentionOf(labels: Labels): number {
    return Math.max(this.#retentionMs, this.#longer.get(labels.metricName) ?? 0);
  }

  #seenIn(series: SeriesBuffer, name: string): void {
    let source = this.#sources.get(name);
    if (source === undefined) {
      source = { scrape: 1, series: new Set() };
      this.#sources.set(name, source);
    }
    if (series.source !== name || series.scrape === 0) {
      this.#sources.get(series.source)?.series.delete(series);
      source.series.add(series);
      series.source = name;
    }
    series.scrape = source.scrape;
  }

  #end(series: SeriesBuffer, timeMs: number): void {
    const oldestMs = timeMs - series.retentionMs;
    if (!series.isEnded && series.lastTime < timeMs) series.appendStale(timeMs, oldestMs);
    else if (series.lastTime < oldestMs) this.#forget(series);
  }

  #forget(series: SeriesBuffer): void {
    this.#byKey.delete(series.labels.key);
    this.#sources.get(series.source)?.series.delete(series);
    const name = series.labels.metricName;
    const named = this.#byName.get(name);
    named?.delete(series);
    if (named?.size === 0) this.#byName.delete(name);
    this.#generation++;
  }
}
