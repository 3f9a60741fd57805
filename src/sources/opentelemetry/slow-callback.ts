/** Observations of one run of a callback at most. */
const MAX_OBSERVATIONS = 10_000;

/**
 * A callback of an observable instrument, which may take long or never settle: a collection waits for it no longer than
 * its deadline, and not at all while an earlier run is still late. Until a run settles the observations of the last one
 * that did are shown.
 */
export class SlowCallback<Observation> {
  readonly #run: (observe: (observation: Observation) => void) => unknown;
  readonly #deadlineMs: number;
  readonly #onLate: () => void;
  #last: readonly Observation[] = [];
  #running = false;

  /** `run` calls the service's callback; `onLate` is called for each run that is late. */
  constructor(
    run: (observe: (observation: Observation) => void) => unknown,
    deadlineMs: number,
    onLate: () => void,
  ) {
    this.#run = run;
    this.#deadlineMs = deadlineMs;
    this.#onLate = onLate;
  }

  /** Throws what the callback throws, and rejects with what it rejects with in time. */
  observations(): readonly Observation[] | Promise<readonly Observation[]> {
    if (this.#running) return this.#last;
    const found: Observation[] = [];
    const result = this.#run((observation) => {
      if (found.length < MAX_OBSERVATIONS) found.push(observation);
    });
    if (!isThenable(result)) return found;
    this.#running = true;
    const settled = Promise.resolve(result).then(
      () => {
        this.#running = false;
        this.#last = found;
        return found;
      },
      (error: unknown) => {
        this.#running = false;
        throw error;
      },
    );
    return this.#inTime(settled);
  }

  async #inTime(settled: Promise<readonly Observation[]>): Promise<readonly Observation[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.#deadlineMs, undefined);
      timer.unref();
    });
    try {
      const observations = await Promise.race([settled, late]);
      if (observations) return observations;
    } finally {
      clearTimeout(timer);
    }
    // A rejection that comes too late is nobody's any more.
    settled.catch(() => {});
    this.#onLate();
    return this.#last;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
