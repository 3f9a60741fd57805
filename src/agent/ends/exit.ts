/** Calls back on `exit` as the last of all listeners, because those of the service may log as well. Returns how to stop. */
export function watchExit(onExit: (code: number) => void): () => void {
  const stayLast = (): void => {
    const listeners = process.rawListeners('exit');
    if (!listeners.includes(onExit) || listeners.at(-1) === onExit) return;
    process.removeListener('exit', onExit);
    process.on('exit', onExit);
  };
  // Emitted before the new listener is added, so ours moves behind it a tick later.
  const onNewListener = (event: string | symbol, listener: unknown): void => {
    if (event === 'exit' && listener !== onExit) process.nextTick(stayLast);
  };
  process.on('exit', onExit);
  process.on('newListener', onNewListener);
  return () => {
    process.removeListener('newListener', onNewListener);
    process.removeListener('exit', onExit);
  };
}

/**
 * Calls back when the event loop is empty, before the natural end. With `signals`, one more turn follows: a signal
 * that the process sends itself as its last act is not read any more when nothing keeps the loop going, and would be
 * lost over our listener. That turn brings a second `beforeExit`, so it is taken only where nobody but us listens to
 * that. Returns how to stop.
 */
export function watchIdle(signals: boolean, onIdle: () => void): () => void {
  let turned = !signals;
  const onBeforeExit = (): void => {
    onIdle();
    if (turned || process.listenerCount('beforeExit') > 1) return;
    turned = true;
    setImmediate(() => {});
  };
  process.on('beforeExit', onBeforeExit);
  return () => process.removeListener('beforeExit', onBeforeExit);
}
