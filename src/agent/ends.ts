import { constants } from 'node:os';
import type { OwnLog } from '../own-log/own-log.ts';

/** What has to be brought home before the process ends. */
export interface Flushable {
  /** Everything that has to be on disk, at once; may be called again. */
  flushSync(): void;
  /** Ships what is on disk with the thread blocked, `deadlineMs` at most. Does nothing while the collector is away. */
  drainSync(deadlineMs: number): void;
  /** The same without blocking. */
  drain(deadlineMs: number): Promise<void>;
  /** The last word: the exit code, or 128 and the number of the signal that ends the process. */
  leave(code: number): void;
  /** Nothing is left to do: the one end at which the last totals can still be read. */
  naturalEnd(): void;
}

const SIGNAL_DEADLINE_MS = 2000;
/** Before listeners of the service run, which may end the process in ways that Node tells nobody. */
const BEFORE_OTHERS_DEADLINE_MS = 200;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

type Quietly = (step: () => void) => void;

/**
 * Where ours is the only listener, the signal would have ended the process: records are shipped and it is raised
 * again, at once when it comes a second time. Where the service listens, ours steps aside while its listeners run:
 * some of them (the `signal-exit` package) end the process only when they see no listener but their own.
 */
function watchSignal(signal: NodeJS.Signals, flushable: Flushable, quietly: Quietly): void {
  let shipping = false;

  function raise(): void {
    shipping = false;
    process.removeListener(signal, onSignal);
    if (process.listenerCount(signal) === 0) {
      quietly(() => flushable.leave(128 + constants.signals[signal]));
      process.kill(process.pid, signal);
    } else process.prependListener(signal, onSignal);
  }

  function onSignal(): void {
    quietly(() => flushable.flushSync());
    if (process.listenerCount(signal) > 1) {
      quietly(() => flushable.drainSync(BEFORE_OTHERS_DEADLINE_MS));
      process.removeListener(signal, onSignal);
      setImmediate(() => {
        if (process.listenerCount(signal) > 0) process.prependListener(signal, onSignal);
      }).unref();
    } else if (shipping) {
      raise();
    } else {
      shipping = true;
      void flushable.drain(SIGNAL_DEADLINE_MS).then(raise, raise);
    }
  }

  process.prependListener(signal, onSignal);
}

/** Calls back on `exit` as the last of all listeners, because those of the service may log as well. */
function watchExit(onExit: (code: number) => void): void {
  const stayLast = (): void => {
    if (process.rawListeners('exit').at(-1) === onExit) return;
    process.removeListener('exit', onExit);
    process.on('exit', onExit);
  };
  process.on('exit', onExit);
  // Told before the new listener is there, so ours moves behind it a tick later.
  process.on('newListener', (event, listener) => {
    if (event === 'exit' && listener !== onExit) process.nextTick(stayLast);
  });
}

export interface EndsOptions {
  /** Whether SIGTERM and SIGINT are listened to. */
  readonly signals: boolean;
  readonly exitDeadlineMs: number;
  readonly ownLog: OwnLog;
}

/**
 * Before the natural end. A signal that the process sends itself as its last act is not read any more when nothing
 * keeps the loop going, and would be lost over our listener: one more turn reads it. That turn brings a second
 * `beforeExit`, so it is taken only where nobody but us listens to that.
 */
function watchNaturalEnd(signals: boolean, onEnd: () => void): void {
  let turned = !signals;
  process.on('beforeExit', () => {
    onEnd();
    if (turned || process.listenerCount('beforeExit') > 1) return;
    turned = true;
    setImmediate(() => {});
  });
}

/**
 * Brings records home on the ends that Node tells of: natural end, `process.exit`, an uncaught throw (all by
 * `exit`), and, if `signals`, SIGTERM and SIGINT. Exit codes and signals stay what they were.
 */
export function watchEnds(flushable: Flushable, { signals, exitDeadlineMs, ownLog }: EndsOptions): void {
  const quietly: Quietly = (step) => {
    try {
      step();
    } catch (error) {
      ownLog.error(`at the end of the process: ${(error as Error).message}`);
    }
  };
  watchExit((code) => {
    quietly(() => flushable.flushSync());
    quietly(() => flushable.drainSync(exitDeadlineMs));
    quietly(() => flushable.leave(code));
  });
  watchNaturalEnd(signals, () => quietly(() => flushable.naturalEnd()));
  if (!signals) return;
  for (const signal of SIGNALS) watchSignal(signal, flushable, quietly);
}
