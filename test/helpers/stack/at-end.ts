import type { TestContext } from 'node:test';

type Cleanup = () => Promise<void> | void;

const registered = new WeakMap<TestContext, Cleanup[]>();

/** Runs `cleanup` at the end of the test, last registered first: what was started last depends on the rest. */
export function atEnd(context: TestContext, cleanup: Cleanup): void {
  const known = registered.get(context);
  if (known) {
    known.push(cleanup);
    return;
  }
  const cleanups = [cleanup];
  registered.set(context, cleanups);
  context.after(async () => {
    for (const run of cleanups.reverse()) await run();
  });
}
