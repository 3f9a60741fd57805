// Hot path: once per query of a driver that answers with a promise.

/**
 * The same outcome by a promise of its own, with `ended` called first: only in this way an error that the service does
 * not handle stays unhandled.
 */
export function timedPromise<Value>(
  promise: Promise<Value>,
  ended: (seconds: number) => void,
): Promise<Value> {
  const startedMs = performance.now();
  return promise.then(
    (value) => {
      ended((performance.now() - startedMs) / 1000);
      return value;
    },
    (error: unknown) => {
      ended((performance.now() - startedMs) / 1000);
      throw error;
    },
  );
}
