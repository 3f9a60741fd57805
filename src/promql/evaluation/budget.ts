// Hot path: `read` runs once per series and step.
import type { Span } from '../syntax/position.ts';

/** How many reads may go by between two looks at the clock. */
const READS_PER_LOOK = 1024;

/** The limits of one evaluation. */
export interface BudgetSettings {
  readonly maxSamples: number;
  readonly timeoutMs: number;
  /** A clock that never goes back, milliseconds. */
  readonly now: () => number;
}

/**
 * What one evaluation may cost. Samples that it keeps (results of subqueries and of the steps of a range query) are
 * bounded for the memory, its time is bounded since everything else in the thread waits for it.
 */
export class Budget {
  readonly #maxSamples: number;
  readonly #now: () => number;
  readonly #deadlineMs: number;
  readonly #fail: (message: string, span: Span) => never;
  #held = 0;
  #reads = 0;

  constructor(settings: BudgetSettings, fail: (message: string, span: Span) => never) {
    this.#maxSamples = settings.maxSamples;
    this.#now = settings.now;
    this.#deadlineMs = settings.now() + settings.timeoutMs;
    this.#fail = fail;
  }

  /** Some samples are looked at and not kept. */
  read(count: number, span: Span): void {
    if (this.#held + count > this.#maxSamples) this.#tooMany(span);
    this.#reads++;
    if (this.#reads % READS_PER_LOOK === 0 && this.#now() > this.#deadlineMs) {
      this.#fail('query timed out in expression evaluation', span);
    }
  }

  /** Some samples are kept. */
  hold(count: number, span: Span): void {
    this.#held += count;
    if (this.#held > this.#maxSamples) this.#tooMany(span);
  }

  /** Kept samples are let go. */
  release(count: number): void {
    this.#held -= count;
  }

  #tooMany(span: Span): never {
    return this.#fail('query processing would load too many samples into memory in query execution', span);
  }
}
