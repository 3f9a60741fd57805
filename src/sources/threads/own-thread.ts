let starting = false;

/** Starts a thread of this package, which is no thread of the service. */
export function ownThread<T>(start: () => T): T {
  starting = true;
  try {
    return start();
  } finally {
    starting = false;
  }
}

/** Whether the thread that is being started is one of this package. */
export const isOwnThread = (): boolean => starting;
