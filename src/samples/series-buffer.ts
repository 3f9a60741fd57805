// Hot path: `append` runs once per series and scrape. Evaluations read the arrays directly.
import type { Labels } from './labels.ts';
import type { SeriesView } from './queryable.ts';

/** Prometheus marks the end of a series with this NaN (model/value/value.go, StaleNaN). */
const STALE_HIGH = 0x7ff0_0000;
const STALE_LOW = 2;
const FIRST_CAPACITY = 8;

/** True for one word order of the machine; decided once. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const LOW = LITTLE_ENDIAN ? 0 : 1;

/**
 * The last samples of one series. Times and values are in two `Float64Array`s, 16 bytes per sample, and a window of
 * them is always contiguous: instead of wrapping round, the buffer slides what is still wanted to its front when it
 * is full. A quarter of slack makes that rare, so that an append costs constant time. Starts of cumulative counts
 * change rarely and are kept as a list of changes. A staleness marker is the NaN of Prometheus, written and read as
 * bits, since a number operation would lose them.
 */
export class SeriesBuffer implements SeriesView {
  readonly labels: Labels;
  /** How long samples are wanted, milliseconds; set by the store. */
  retentionMs = 0;
  times: Float64Array = new Float64Array(FIRST_CAPACITY);
  values: Float64Array = new Float64Array(FIRST_CAPACITY);
  from = 0;
  to = 0;
  /** The scrape source that wrote last. */
  source = '';
  /** The source's scrape in which this series came last. */
  scrape = 0;
  #bits: Uint32Array = new Uint32Array(this.values.buffer);
  #staleCount = 0;
  /** Pairs: time from which a start holds, and the start. */
  #starts: number[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  get hasStale(): boolean {
    return this.#staleCount > 0;
  }

  get lastTime(): number {
    return this.to > this.from ? this.times[this.to - 1]! : Number.NEGATIVE_INFINITY;
  }

  /** True when the series is marked as ended. */
  get isEnded(): boolean {
    return this.to > this.from && this.isStale(this.to - 1);
  }

  get bytes(): number {
    return this.times.byteLength + this.values.byteLength + 8 * this.#starts.length;
  }

  isStale(index: number): boolean {
    return this.#bits[2 * index + LOW] === STALE_LOW && this.#bits[2 * index + 1 - LOW] === STALE_HIGH;
  }

  startAt(index: number): number {
    const starts = this.#starts;
    const time = this.times[index]!;
    for (let i = starts.length - 2; i >= 0; i -= 2) if (starts[i]! <= time) return starts[i + 1]!;
    return 0;
  }

  uniformStart(from: number, to: number): number | undefined {
    const starts = this.#starts;
    if (starts.length === 0) return 0;
    const first = this.times[from]!;
    if (starts.at(-2)! <= first) return starts.at(-1)!;
    const last = this.times[to - 1]!;
    for (let i = 0; i < starts.length; i += 2) if (starts[i]! > first && starts[i]! <= last) return undefined;
    return this.startAt(from);
  }

  /** Adds a sample newer than all others; `oldestMs` is the earliest time still wanted. */
  append(timeMs: number, value: number, startMs: number, oldestMs: number): void {
    this.#makeRoom(oldestMs);
    const lastStart = this.#starts.length === 0 ? 0 : this.#starts.at(-1);
    if (startMs !== lastStart) this.#starts.push(timeMs, startMs);
    this.times[this.to] = timeMs;
    this.values[this.to] = value;
    this.to++;
  }

  /** Marks the series as ended at this time. */
  appendStale(timeMs: number, oldestMs: number): void {
    this.#makeRoom(oldestMs);
    this.times[this.to] = timeMs;
    this.#bits[2 * this.to + LOW] = STALE_LOW;
    this.#bits[2 * this.to + 1 - LOW] = STALE_HIGH;
    this.to++;
    this.#staleCount++;
  }

  #makeRoom(oldestMs: number): void {
    if (this.to < this.times.length) return;
    let from = this.from;
    while (from < this.to && this.times[from]! < oldestMs) {
      if (this.#staleCount > 0 && this.isStale(from)) this.#staleCount--;
      from++;
    }
    this.from = from;
    const kept = this.to - from;
    const capacity = this.times.length;
    if (kept > capacity * 0.75) this.#move(kept < 64 ? capacity * 2 : Math.ceil(capacity * 1.5));
    else if (kept < capacity / 4 && capacity > FIRST_CAPACITY) this.#move(Math.ceil(capacity / 2));
    else this.#slide();
    this.#forgetStarts();
  }

  #slide(): void {
    this.times.copyWithin(0, this.from, this.to);
    this.#bits.copyWithin(0, 2 * this.from, 2 * this.to);
    this.to -= this.from;
    this.from = 0;
  }

  #move(capacity: number): void {
    const times = new Float64Array(capacity);
    const bits = new Uint32Array(2 * capacity);
    times.set(this.times.subarray(this.from, this.to));
    bits.set(this.#bits.subarray(2 * this.from, 2 * this.to));
    this.times = times;
    this.values = new Float64Array(bits.buffer);
    this.#bits = bits;
    this.to -= this.from;
    this.from = 0;
  }

  #forgetStarts(): void {
    const first = this.times[this.from] ?? Number.POSITIVE_INFINITY;
    while (this.#starts.length > 2 && this.#starts[2]! <= first) this.#starts.splice(0, 2);
  }
}
