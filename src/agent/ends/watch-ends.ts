import type { OwnLog } from '../../own-log/own-log.ts';
import { type ExceptionOrigin, watchExceptions } from './exceptions.ts';
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
  /** A signal that is meant to end the process has arrived; a listener of the service may still decide otherwise. */
  signalled(code: number): void;
  /** Nobody catches this error: it ends the process, or already has with this exit code. */
  failed(error: unknown, origin: ExceptionOrigin): void;
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
 * Takes the steps on the ends that Node announces: natural end, `process.exit`, an error that nobody catches (all by
 * `exit`), and, if `signals`, SIGTERM and SIGINT. Exit codes and signals stay what they were. Returns how to stop.
 */
export function watchEnds(steps: EndSteps, { signals, exitDeadlineMs, ownLog }: EndsOptions): () => void {
  const logError = (error: unknown): void =>
    ownLog.error(`at the end of the process: ${(error as Error).message}`);
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      logError(error);
    }
  };
  const exceptions = watchExceptions((error, origin) => guarded(() => steps.failed(error, origin)), Date.now);
  const stops = [
    () => exceptions.stop(),
    watchExit((code) => {
      exceptions.exiting(code);
      guarded(() => steps.flushSync());
      guarded(() => steps.drainSync(exitDeadlineMs));
      guarded(() => steps.ending(code));
    }),
    watchIdle(signals, () => guarded(() => steps.idle())),
  ];
  if (signals) {
    stops.push(
      watchSignals({
        before: (code, deadlineMs) => {
          guarded(() => steps.signalled(code));
          guarded(() => steps.flushSync());
          if (deadlineMs > 0) guarded(() => steps.drainSync(deadlineMs));
        },
        drain: (deadlineMs) => steps.drain(deadlineMs).catch(logError),
        ending: (code) => guarded(() => steps.ending(code)),
      }),
    );
  }
  return () => stops.forEach((stop) => stop());
}
