/** Aborted by the first SIGINT, SIGTERM or SIGHUP, or when stdout is closed. */
export interface Interruption {
  readonly signal: AbortSignal;
  forget(): void;
}

/** A wrapper that forwards signals can deliver one twice. */
const SAME_WISH_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Handles interruption. A second signal exits at once: the shop ends when its channel to us closes. */
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
