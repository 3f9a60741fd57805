import { createHash } from 'node:crypto';
import { entryBytes, type LokiEntry } from './entry.ts';
import type { LokiLimits } from './limits.ts';

/** Bytes that may come now: refilled every second up to a burst. */
export class RateLimit {
  readonly #bytesPerSecond: number;
  readonly #burstBytes: number;
  #bytes: number;
  #filledMs: number;

  constructor(bytesPerSecond: number, burstBytes: number, nowMs: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#burstBytes = burstBytes;
    this.#bytes = burstBytes;
    this.#filledMs = nowMs;
  }

  /** Takes them if all of them may come now. */
  take(bytes: number, nowMs: number): boolean {
    const refilled = this.#bytes + ((nowMs - this.#filledMs) / 1000) * this.#bytesPerSecond;
    this.#bytes = Math.min(this.#burstBytes, refilled);
    this.#filledMs = nowMs;
    if (bytes > this.#bytes) return false;
    this.#bytes -= bytes;
    return true;
  }
}

/** What becomes of an entry in its stream. */
export type Taken = 'kept' | 'equal' | 'too_far_behind' | 'per_stream_rate_limit';

const NS_PER_MS = 1_000_000n;

/** The entries of one set of labels. */
export class LokiStream {
  readonly labels: LokiEntry['labels'];
  readonly entries: LokiEntry[] = [];
  readonly #limits: LokiLimits;
  readonly #rate: RateLimit;
  readonly #known = new Set<string>();
  #newestNs = 0n;

  constructor(labels: LokiEntry['labels'], limits: LokiLimits, nowMs: number) {
    this.labels = labels;
    this.#limits = limits;
    this.#rate = new RateLimit(limits.streamBytesPerSecond, limits.streamBurstBytes, nowMs);
  }

  /**
   * Entries of one instant with equal line and metadata are one entry, silently (metadata counts since 3.7:
   * https://github.com/grafana/loki/pull/21039). One that lies too far behind the newest is refused.
   */
  take(entry: LokiEntry, nowMs: number): Taken {
    const oldestNs = this.#newestNs - BigInt(this.#limits.windowMs) * NS_PER_MS;
    if (entry.atNs < oldestNs) return 'too_far_behind';
    const identity = createHash('sha1')
      .update(`${entry.atNs}\n${JSON.stringify(entry.metadata)}\n${entry.line}`)
      .digest('base64');
    if (this.#known.has(identity)) return 'equal';
    if (!this.#rate.take(entryBytes(entry), nowMs)) return 'per_stream_rate_limit';
    this.#known.add(identity);
    this.entries.push(entry);
    if (entry.atNs > this.#newestNs) this.#newestNs = entry.atNs;
    return 'kept';
  }
}
