// Hot path: evaluates beside the rules on one thread, in slices.
import type { Annotation } from '../../../promql/evaluation/annotations.ts';
import type { EvaluationOptions } from '../../../promql/evaluation/evaluate.ts';
import { evaluateInstant, evaluateRange, type Expr, PromqlError } from '../../../promql/index.ts';
import type { Evaluation, MatrixValue } from '../../../promql/evaluation/value.ts';
import type { Queryable } from '../../../samples/queryable.ts';
import { fixBounds, nodesPerStep } from './query-cost.ts';
import { ApiError } from './reply.ts';

export interface QueryRunnerOptions {
  readonly store: Queryable;
  /** Step of a subquery that names none: the interval of the rules. */
  readonly subqueryStepMs: number;
  /** Counters count from their start timestamps; default true, as for rules. */
  readonly useStartTimestamps?: boolean;
  /** A clock that only goes forward. */
  readonly monotonicMs?: () => number;
  /** Lets everything else that waits have its turn. */
  readonly yieldTurn?: () => Promise<void>;
  /** Leaves the thread to everything else for some milliseconds. */
  readonly rest?: (ms: number) => Promise<void>;
}

/** How long a query may take at most, waiting included, whatever its `timeout`. */
export const MAX_TIMEOUT_MS = 30_000;
/** How long a query may work, without its waiting: those behind it have their turn as well. */
const MAX_WORK_MS = 10_000;
/** Queries that may wait for their turn; a dashboard of 30 panels sends about as many at once. */
const MAX_WAITING = 100;
/** A slice of a range query is to take about this long: the longest that the rules, scrapes and pushes wait. */
const SLICE_MS = 10;
/** Samples that one slice may keep at a time, and characters of labels that it may build: some 50 MB together. */
const MAX_SLICE_SAMPLES = 500_000;
const MAX_SLICE_LABEL_CHARS = 8_000_000;
/** After what took longer than a slice the thread rests as long, at most this: a page takes several turns of the loop. */
const MAX_REST_MS = 500;
/** How long one step may take: what cannot be cut ends the query. */
const MAX_STEP_MS = 500;
/** Nodes that one step may evaluate: about a tenth of a second. */
const MAX_STEP_NODES = 100_000;

/** What a query is made from when its turn has come: parsing compiles its patterns, which take memory and time. */
export type ExprSource = Expr | (() => Expr);

/** The turn of one request among the others. */
export interface Turn {
  /** Lets everything else that waits have its turn, then goes on; throws an `ApiError` when its time is over. */
  pause(): Promise<void>;
}

const exprOf = (source: ExprSource): Expr => (typeof source === 'function' ? source() : source);

/** How the evaluator words that its time is over. */
const TIMED_OUT = 'query timed out';

const nextTurn = (): Promise<void> => new Promise((done) => setImmediate(done));
const restFor = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

/**
 * Evaluates the queries of the API one after the other, so that the monitor goes on with its own work: a range query is
 * cut into slices of about 10 ms, between which everything else has its turn; what cannot be cut, one step, is bounded
 * in time, in the samples that it may keep and in the nodes that it may evaluate. Beyond its time a query ends.
 */
export class QueryRunner {
  readonly #options: QueryRunnerOptions;
  readonly #monotonicMs: () => number;
  readonly #yieldTurn: () => Promise<void>;
  readonly #rest: (ms: number) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: QueryRunnerOptions) {
    this.#options = options;
    this.#monotonicMs = options.monotonicMs ?? ((): number => performance.now());
    this.#yieldTurn = options.yieldTurn ?? nextTurn;
    this.#rest = options.rest ?? restFor;
  }

  /** Throws an `ApiError`. */
  instant(source: ExprSource, timeMs: number, timeoutMs: number, lookbackMs?: number): Promise<Evaluation> {
    return this.inTurn(timeoutMs, () => {
      const settings = this.#settings(lookbackMs);
      return Promise.resolve(
        evaluated(() => {
          const expr = exprOf(source);
          this.#checkCost(fixBounds(expr, timeMs, timeMs, 0));
          return evaluateInstant(expr, this.#options.store, timeMs, settings);
        }),
      );
    });
  }

  /** Hands the values of each slice of steps to `take`, in the order of time. Throws an `ApiError`. */
  range(
    source: ExprSource,
    times: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
    timeoutMs: number,
    take: (value: MatrixValue) => void,
    lookbackMs?: number,
  ): Promise<readonly Annotation[]> {
    const { fromMs, toMs, stepMs } = times;
    return this.inTurn(timeoutMs, async (turn) => {
      const settings = this.#settings(lookbackMs);
      const annotations = new Map<string, Annotation>();
      const fixed = evaluated(() => fixBounds(exprOf(source), fromMs, toMs, stepMs));
      this.#checkCost(fixed);
      let steps = 1;
      for (let atMs = fromMs; atMs <= toMs;) {
        const lastMs = Math.min(toMs, atMs + (steps - 1) * stepMs);
        const beganMs = this.#monotonicMs();
        const slice = evaluatedSlice(
          () => evaluateRange(fixed, this.#options.store, atMs, lastMs, stepMs, settings),
          steps,
        );
        if (slice !== undefined) {
          take(slice.value);
          for (const found of slice.annotations) annotations.set(`${found.start} ${found.message}`, found);
          atMs += steps * stepMs;
        }
        const tookMs = this.#monotonicMs() - beganMs;
        if (tookMs < SLICE_MS / 2) steps *= 2;
        else if (tookMs > SLICE_MS) steps = Math.max(1, Math.floor(steps / 2));
        await turn.pause();
      }
      return [...annotations.values()];
    });
  }

  #settings(lookbackMs: number | undefined): EvaluationOptions {
    const { subqueryStepMs, useStartTimestamps = true } = this.#options;
    return {
      subqueryStepMs,
      useStartTimestamps,
      maxSamples: MAX_SLICE_SAMPLES,
      maxLabelChars: MAX_SLICE_LABEL_CHARS,
      timeoutMs: MAX_STEP_MS,
      now: this.#monotonicMs,
      ...(lookbackMs !== undefined && lookbackMs > 0 && { lookbackMs }),
    };
  }

  #checkCost({ root }: Expr): void {
    if (nodesPerStep(root, this.#options.subqueryStepMs) <= MAX_STEP_NODES) return;
    throw new ApiError(
      'execution',
      `query processing would evaluate more than ${MAX_STEP_NODES} expressions in one step; widen the steps of its subqueries`,
    );
  }

  /** Runs one request after those that came before it. Throws an `ApiError` when too many wait, or too long. */
  async inTurn<T>(timeoutMs: number, run: (turn: Turn) => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new ApiError('unavailable', 'too many queries are waiting');
    const untilMs = this.#monotonicMs() + Math.min(timeoutMs, MAX_TIMEOUT_MS);
    const checkTime = (where = 'expression evaluation'): void => {
      if (this.#monotonicMs() > untilMs) throw timedOut(where);
    };
    const before = this.#last;
    const { promise, resolve: done } = Promise.withResolvers<void>();
    this.#last = promise;
    this.#waiting++;
    try {
      await before;
      // What came in meanwhile has its turn before the next query.
      await this.#yieldTurn();
      checkTime('query queue');
      const workUntilMs = this.#monotonicMs() + MAX_WORK_MS;
      let sinceMs = this.#monotonicMs();
      const rested = async (): Promise<boolean> => {
        const tookMs = this.#monotonicMs() - sinceMs;
        if (tookMs > SLICE_MS) await this.#rest(Math.min(tookMs, MAX_REST_MS));
        return tookMs > SLICE_MS;
      };
      try {
        return await run({
          pause: async () => {
            if (!(await rested())) await this.#yieldTurn();
            sinceMs = this.#monotonicMs();
            checkTime();
            if (sinceMs > workUntilMs) throw timedOut('expression evaluation');
          },
        });
      } finally {
        await rested();
      }
    } finally {
      this.#waiting--;
      done();
    }
  }
}

const timedOut = (where: string): ApiError => new ApiError('timeout', `query timed out in ${where}`);

/** Runs an evaluation; what ends it becomes an error of the API. */
function evaluated<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    const failed = error.message.startsWith(TIMED_OUT) ? 'timeout' : 'execution';
    const type = error.kind === 'request' ? 'bad_data' : failed;
    throw new ApiError(type, error.message, { cause: error });
  }
}

/** The same; undefined when several steps took too long together and are to be tried in a smaller slice. */
function evaluatedSlice<T>(run: () => T, steps: number): T | undefined {
  try {
    return evaluated(run);
  } catch (error) {
    if (error instanceof ApiError && error.type === 'timeout' && steps > 1) return undefined;
    throw error;
  }
}
