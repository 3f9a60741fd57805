import type { OwnLog } from '../../own-log/own-log.ts';
import { watchExit, watchIdle } from './exit.ts';
import { watchSignals } from './signals.ts';

/** What is done before the process ends. */
export interface EndSteps {
  /** Writes everything to disk, at once; may be called again. */
  flushSync(): void;
  /** Sends what is on disk with the thread blocked, `deadlineMs` at most. Does nothing while the collector is away. */
  drainSync(deadlineMs: number): void;
  /** The same without blocking. */
  drain(deadlineMs: number): Promise<void>;
  /** The process ends now, with this exit code, or 128 and the number of the signal. */
  ending(code: number): void;
  /** The event loop is empty: the one end at which the last totals can still be read. */
  idle(): void;
}

export interface EndsOptions {
  /** Whether SIGTERM and SIGINT are listened to. */
  readonly signals: boolean;
  readonly exitDeadlineMs: number;
  readonly ownLog: OwnLog;
}

/**
 * Takes the steps on the ends that Node announces: natural end, `process.exit`, an uncaught throw (all by `exit`),
 * and, if `signals`, SIGTERM and SIGINT. Exit codes and signals stay what they were. Returns how to stop.
 */
export function watchEnds(steps: EndSteps, { signals, exitDeadlineMs, ownLog }: EndsOptions): () => void {
  const failed = (error: unknown): void =>
    ownLog.error(`flushing at process exit failed: ${(error as Error).message}`);
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      failed(error);
    }
  };
  const stops = [
    watchExit((code) => {
      guarded(() => steps.flushSync());
      guarded(() => steps.drainSync(exitDeadlineMs));
      guarded(() => steps.ending(code));
    }),
    watchIdle(signals, () => guarded(() => steps.idle())),
  ];
  if (signals) {
    stops.push(
      watchSignals({
        before: (deadlineMs) => {
          guarded(() => steps.flushSync());
          if (deadlineMs > 0) guarded(() => steps.drainSync(deadlineMs));
        },
        drain: (deadlineMs) => steps.drain(deadlineMs).catch(failed),
        ending: (code) => guarded(() => steps.ending(code)),
      }),
    );
  }
  return () => stops.forEach((stop) => stop());
}
