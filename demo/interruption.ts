/** Aborted by the first SIGINT, SIGTERM or SIGHUP, or when nobody reads our output any more. */
export interface Interruption {
  readonly signal: AbortSignal;
  forget(): void;
}

/** A wrapper that passes a signal on makes two of one. */
const SAME_WISH_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hears the wish to end. A second one ends at once: the shop goes when its channel to us closes. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const onSignal = (): void => {
    const nowMs = Date.now();
    firstMs ??= nowMs;
    if (nowMs - firstMs > SAME_WISH_MS) process.exit(130);
    controller.abort();
  };
  const onOutputError = (): void => controller.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  process.stdout.on('error', onOutputError);
  return {
    signal: controller.signal,
    forget() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
