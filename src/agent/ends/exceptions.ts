/** Where an error came from that nobody caught. */
export type ExceptionOrigin = 'uncaughtException' | 'unhandledRejection';

/** An error that a listener of the service took counts as the cause of an end that follows within this time. */
const CAUSE_MS = 10_000;

export interface ExceptionWatch {
  /** The process ends with this code: an error that a listener of the service took may be why. */
  exiting(code: number): void;
  stop(): void;
}

/**
 * Calls back with the error that ends the process, before it does. With a listener of the service for uncaught
 * exceptions it is the listener's to decide whether the process ends: then the error is reported once it does, if it
 * does so soon and with an exit code other than 0. Changes nothing of how the process ends.
 */
export function watchExceptions(
  onFatal: (error: unknown, origin: ExceptionOrigin) => void,
  now: () => number,
): ExceptionWatch {
  let taken: { readonly error: unknown; readonly origin: ExceptionOrigin; readonly atMs: number } | undefined;

  const onException = (error: unknown, origin: ExceptionOrigin): void => {
    const survives =
      process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    if (survives) taken = { error, origin, atMs: now() };
    else onFatal(error, origin);
  };
  process.on('uncaughtExceptionMonitor', onException);
  return {
    exiting(code) {
      if (taken && code !== 0 && now() - taken.atMs < CAUSE_MS) onFatal(taken.error, taken.origin);
      taken = undefined;
    },
    stop: () => process.removeListener('uncaughtExceptionMonitor', onException),
  };
}
