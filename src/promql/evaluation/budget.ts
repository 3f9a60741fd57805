// Hot path: `read` and `work` run once per series or node and step.
import type { Span } from '../syntax/position.ts';

/** Steps that may go by between two looks at the clock: under a millisecond. */
const STEPS_PER_LOOK = 10_240;
/** What it takes to find the samples of one series. */
const STEPS_PER_READ = 9;

/** The limits of one evaluation. */
export interface BudgetSettings {
  readonly maxSamples: number;
  /** Characters of labels that the evaluation may build. */
  readonly maxLabelChars: number;
  readonly timeoutMs: number;
  /** A clock that never goes back, milliseconds. */
  readonly now: () => number;
}

/** Longest value or name of a label that a function may build. */
const MAX_LABEL_CHARS = 16_384;

/**
 * What one evaluation may cost: samples and labels that it keeps are bounded for the memory, its time is bounded since
 * everything else in the thread waits for it. Asked before memory is taken.
 */
export class Budget {
  readonly #settings: BudgetSettings;
  readonly #deadlineMs: number;
  readonly #fail: (message: string, span: Span) => never;
  #held = 0;
  #steps = 0;
  #labelChars = 0;

  constructor(settings: BudgetSettings, fail: (message: string, span: Span) => never) {
    this.#settings = settings;
    this.#deadlineMs = settings.now() + settings.timeoutMs;
    this.#fail = fail;
  }

  /** Some samples are looked at and not kept. */
  read(count: number, span: Span): void {
    if (this.#held + count > this.#settings.maxSamples) this.#tooMany(span);
    this.work(count + STEPS_PER_READ, span);
  }

  /** Some steps are about to be taken, each about ten nanoseconds. */
  work(steps: number, span: Span): void {
    this.#steps += steps;
    if (this.#steps < STEPS_PER_LOOK) return;
    this.#steps = 0;
    if (this.#settings.now() > this.#deadlineMs) {
      this.#fail('query timed out in expression evaluation', span);
    }
  }

  /** Some samples are kept. */
  hold(count: number, span: Span): void {
    this.#held += count;
    if (this.#held > this.#settings.maxSamples) this.#tooMany(span);
  }

  /** Kept samples are let go. */
  release(count: number): void {
    this.#held -= count;
  }

  /** A value or name of a label is about to be built. */
  labelText(chars: number, span: Span): void {
    if (chars > MAX_LABEL_CHARS) {
      this.#fail(`query processing would build a label of more than ${MAX_LABEL_CHARS} characters`, span);
    }
  }

  /** A label set of so many characters in all is about to be built. */
  labels(chars: number, span: Span): void {
    this.#labelChars += chars;
    this.work(chars, span);
    if (this.#labelChars > this.#settings.maxLabelChars) {
      this.#fail('query processing would load too many labels into memory in query execution', span);
    }
  }

  #tooMany(span: Span): never {
    return this.#fail('query processing would load too many samples into memory in query execution', span);
  }
}
