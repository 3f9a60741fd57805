import { constants } from 'node:os';

/** What is done when a signal arrives. None of these throws. */
export interface SignalSteps {
  /**
   * Before anything else: writes everything to disk, and with `deadlineMs` above 0 waits with the thread blocked until
   * it is sent. `code` is 128 and the number of the signal.
   */
  before(code: number, deadlineMs: number): void;
  /** The process has nothing else to do on this signal: sends what there is. Never rejects. */
  drain(deadlineMs: number): Promise<void>;
  /** The signal ends the process now. */
  ending(code: number): void;
}

const DEADLINE_MS = 2000;
/** Before listeners of the service run, which may end the process without an `exit` event. */
const BEFORE_OTHERS_DEADLINE_MS = 200;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Where ours is the only listener, the signal would have ended the process: records are sent and it is raised
 * again, at once when it comes a second time. Where the service listens, ours is removed while its listeners run:
 * some of them (the `signal-exit` package) end the process only when they see no listener but their own.
 */
function watchSignal(signal: NodeJS.Signals, steps: SignalSteps): () => void {
  const code = 128 + constants.signals[signal];
  let draining = false;
  let stopped = false;

  function listen(): void {
    if (!stopped) process.prependListener(signal, onSignal);
  }

  function raise(): void {
    draining = false;
    process.removeListener(signal, onSignal);
    if (process.listenerCount(signal) === 0) {
      steps.ending(code);
      process.kill(process.pid, signal);
    } else listen();
  }

  function onSignal(): void {
    if (process.listenerCount(signal) > 1) {
      steps.before(code, BEFORE_OTHERS_DEADLINE_MS);
      process.removeListener(signal, onSignal);
      setImmediate(() => {
        if (process.listenerCount(signal) > 0) listen();
      }).unref();
    } else if (draining) {
      raise();
    } else {
      draining = true;
      steps.before(code, 0);
      void steps.drain(DEADLINE_MS).then(raise);
    }
  }

  listen();
  return () => {
    stopped = true;
    process.removeListener(signal, onSignal);
  };
}

/** Takes the steps on SIGTERM and SIGINT; what the signals do to the process stays as it was. Returns how to stop. */
export function watchSignals(steps: SignalSteps): () => void {
  const stops = SIGNALS.map((signal) => watchSignal(signal, steps));
  return () => stops.forEach((stop) => stop());
}
